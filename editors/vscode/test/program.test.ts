import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { findProgram } from "../src/program.ts";

const dir = mkdtempSync(join(tmpdir(), "nginx-ws-lint-"));
const bin = join(dir, "bin");
const program = join(bin, "nginx-ws-lint");
mkdirSync(bin);
mkdirSync(join(dir, "nginx-ws-lint"));
writeFileSync(program, "#!/bin/sh\n");
chmodSync(program, 0o755);

test("the setting comes before PATH", () => {
  assert.deepEqual(findProgram(program, { PATH: "/nowhere" }), { path: program });
});

test("a home directory in the setting", () => {
  assert.deepEqual(findProgram("~/bin/nginx-ws-lint", { HOME: dir }), { path: program });
});

test("a relative path is refused", () => {
  const found = findProgram("bin/nginx-ws-lint", { PATH: bin });
  assert.ok("problem" in found && found.problem.includes("not an absolute path"));
});

test("a setting that names no program is said", () => {
  const found = findProgram(join(dir, "nginx-ws-lint"), { PATH: bin });
  assert.ok("problem" in found && found.problem.includes("not a program"));
});

test("PATH is searched, without its relative directories", () => {
  assert.deepEqual(findProgram("", { PATH: ["", ".", dir, bin].join(delimiter) }, "linux"), { path: program });
});

test("nothing is found", () => {
  assert.deepEqual(findProgram("", {}, "linux"), { problem: "nginx-ws-lint is not on PATH" });
});
