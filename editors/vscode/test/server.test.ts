import assert from "node:assert/strict";
import { test } from "node:test";
import { serverPath, type Surroundings } from "../src/server";

const around: Surroundings = {
  configured: "",
  folder: "/work",
  home: "/home/me",
  extension: "/ext",
  platform: "linux",
  exists: () => false,
};

test("the setting goes before everything", () => {
  const of = (configured: string) => serverPath({ ...around, configured, exists: () => true });
  assert.equal(of("/opt/plimsoll"), "/opt/plimsoll");
  assert.equal(of("~/bin/plimsoll"), "/home/me/bin/plimsoll");
  assert.equal(of("${workspaceFolder}/target/debug/plimsoll"), "/work/target/debug/plimsoll");
  assert.equal(of("tools/plimsoll"), "/work/tools/plimsoll");
  assert.equal(of("plimsoll-nightly"), "plimsoll-nightly");
});

test("what came with the extension goes before the PATH", () => {
  assert.equal(serverPath({ ...around, exists: () => true }), "/ext/server/plimsoll");
  assert.equal(serverPath(around), "plimsoll");
  assert.equal(serverPath({ ...around, platform: "win32" }), "plimsoll.exe");
});

test("a window without a folder is no hindrance", () => {
  assert.equal(serverPath({ ...around, folder: undefined, configured: "~/plimsoll" }), "/home/me/plimsoll");
});
