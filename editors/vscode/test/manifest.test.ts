import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "node:test";

const root = path.resolve(__dirname, "../..");
const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
const source = fs.readFileSync(path.join(root, "src/extension.ts"), "utf8");

test("what the manifest names is there", () => {
  assert.ok(fs.existsSync(path.join(root, manifest.main)));
  for (const { command } of manifest.contributes.commands) {
    assert.ok(source.includes(`registerCommand("${command}"`), command);
  }
});

test("every setting says what it is for", () => {
  const settings: Record<string, { description?: string; markdownDescription?: string }> =
    manifest.contributes.configuration.properties;
  for (const [name, setting] of Object.entries(settings)) {
    assert.ok(setting.description ?? setting.markdownDescription, name);
  }
  assert.ok("plimsoll.path" in settings && "plimsoll.trace.server" in settings);
});
