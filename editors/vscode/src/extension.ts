import * as fs from "node:fs";
import * as os from "node:os";
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
import { serverPath } from "./server";

/** What the server calls the action that shows a rule's page. */
const EXPLAIN = "plimsoll.explain";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand("plimsoll.restart", () => restart(context)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("plimsoll.path")) {
        void restart(context);
      }
    }),
  );
  await start(context);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function restart(context: vscode.ExtensionContext): Promise<void> {
  await client?.dispose();
  await start(context);
}

async function start(context: vscode.ExtensionContext): Promise<void> {
  const command = serverPath({
    configured: vscode.workspace.getConfiguration("plimsoll").get("path", ""),
    folder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
    home: os.homedir(),
    extension: context.extensionPath,
    platform: process.platform,
    exists: fs.existsSync,
  });
  const documents = ["dockerfile", "dockercompose", "yaml", "json"].flatMap((language) =>
    ["file", "untitled"].map((scheme) => ({ language, scheme })),
  );
  client = new LanguageClient("plimsoll", { command, args: ["lsp"] }, {
    documentSelector: [...documents, { scheme: "file", pattern: "**/{,.}plimsoll.toml" }],
    initializationOptions: { showsPages: true },
    middleware: {
      async executeCommand(name, parameters, next) {
        const answer: unknown = await next(name, parameters);
        if (name === EXPLAIN && typeof answer === "string") {
          const page = await vscode.workspace.openTextDocument({ language: "markdown", content: answer });
          await vscode.commands.executeCommand("markdown.showPreview", page.uri);
        }
        return answer;
      },
    },
  });
  try {
    await client.start();
  } catch (error) {
    const settings = "Open settings";
    const message = `plimsoll: cannot run \`${command}\`: ${String(error)}`;
    if ((await vscode.window.showErrorMessage(message, settings)) === settings) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "plimsoll.path");
    }
  }
}
