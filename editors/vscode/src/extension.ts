import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
import { findProgram } from "./program.ts";

const installPage = "https://github.com/nginx-ws-lint/nginx-ws-lint/blob/main/docs/install.md";

let client: LanguageClient | undefined;
let output: vscode.OutputChannel;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel("nginx-ws-lint");
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand("nginxWsLint.restart", restart),
    vscode.commands.registerCommand("nginxWsLint.output", () => output.show()),
    vscode.commands.registerCommand("nginxWsLint.install", () => vscode.env.openExternal(vscode.Uri.parse(installPage))),
    vscode.workspace.onDidChangeConfiguration(async (e) => {
      if (e.affectsConfiguration("nginxWsLint.path") || e.affectsConfiguration("nginxWsLint.arguments")) {
        await restart();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function restart(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.dispose();
  await start();
}

async function start(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("nginxWsLint");
  const found = findProgram(settings.get("path", ""), process.env);
  if ("problem" in found) {
    output.appendLine(found.problem);
    const how = "How to install it";
    const settingsAction = "Open Settings";
    const choice = await vscode.window.showErrorMessage(`${found.problem}.`, how, settingsAction);
    if (choice === how) {
      await vscode.commands.executeCommand("nginxWsLint.install");
    } else if (choice === settingsAction) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "nginxWsLint.path");
    }
    return;
  }
  const starting = new LanguageClient(
    "nginxWsLint",
    "nginx-ws-lint",
    { command: found.path, args: ["lsp", ...settings.get<string[]>("arguments", [])] },
    {
      documentSelector: [
        { scheme: "file", language: "nginx" },
        { scheme: "file", language: "yaml" },
        { scheme: "file", language: "dockercompose" },
        { scheme: "file", language: "dockerfile" },
        { scheme: "file", pattern: "**/*.{conf,template,j2,erb,epp}" },
      ],
      outputChannel: output,
    },
  );
  client = starting;
  try {
    await starting.start();
  } catch (error) {
    output.appendLine(String(error));
    void vscode.window.showErrorMessage(`nginx-ws-lint did not start: ${error}`);
  }
}
