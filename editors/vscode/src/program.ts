import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** Where the program is, or why there is none. */
export type Found = { path: string } | { problem: string };

const name = "nginx-ws-lint";

/**
 * Finds the program: at the path of the setting, else on PATH. A relative path in the
 * setting is refused, because it would depend on the folder that is open.
 */
export function findProgram(setting: string, env: NodeJS.ProcessEnv, platform: string = process.platform): Found {
  if (setting !== "") {
    const path = setting.startsWith("~/") ? join(env.HOME ?? "", setting.slice(2)) : setting;
    if (!isAbsolute(path)) {
      return { problem: `nginxWsLint.path is ${setting}, which is not an absolute path` };
    }
    return isProgram(path) ? { path } : { problem: `nginxWsLint.path is ${setting}, which is not a program` };
  }
  const file = platform === "win32" ? name + ".exe" : name;
  for (const dir of (env.PATH ?? env.Path ?? "").split(delimiter)) {
    if (isAbsolute(dir) && isProgram(join(dir, file))) {
      return { path: join(dir, file) };
    }
  }
  return { problem: `${name} is not on PATH` };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
