// A page of another origin in a real Chromium, against the gateway and the debug adapter of this machine.
// usage: node attacker.mjs GATEWAY_URL_WITH_TOKEN ADAPTER_PORT FILE. Prints one JSON object; a door says "open" or
// "closed". The own page's door is tried too, to show that the others could have opened.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(fileURLToPath(new URL("../../vscode-extension/package.json", import.meta.url)));
const { chromium } = require("playwright-core");

const [gateway, adapterPort, file] = process.argv.slice(2);
const { port, hash } = new URL(gateway);
const token = hash.replace("#token=", "");

const site = createServer((request, response) => response.setHeader("Content-Type", "text/html").end("<p>hello</p>"));
await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP evil.test 127.0.0.1"],
});

/** Whether a channel answers a request; runs in the page. */
const channel = async ([url, secret]) =>
  await new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onopen = () => {
      socket.send(JSON.stringify({ token: secret }));
      socket.send(JSON.stringify({ id: 1, request: "heapatlas/views", arguments: {} }));
    };
    socket.onmessage = () => resolve("open");
    socket.onclose = () => resolve("closed");
  });

/** Sends what would start a program, as a form or a script of any page can; runs in the page. */
const post = async ([adapter, victim]) => {
  const message = (seq, command, args) => {
    const body = JSON.stringify({ seq, type: "request", command, arguments: args });
    return `Content-Length: ${body.length}\r\n\r\n${body}`;
  };
  const body =
    message(1, "initialize", { adapterID: "x" }) + message(2, "launch", { program: "/usr/bin/touch", args: [victim] });
  const url = `http://127.0.0.1:${adapter}/`;
  await fetch(url, { method: "POST", mode: "no-cors", body }).catch(() => "closed");
  await fetch(url, { method: "POST", mode: "no-cors", body: body.split("\r\n\r\n")[1] }).catch(() => "closed");
};

const foreign = await browser.newPage();
await foreign.goto(`http://127.0.0.1:${site.address().port}/`);
const own = await browser.newPage();
await own.goto(`http://127.0.0.1:${port}/`);
const rebound = await browser.newPage();
const answer = await rebound.goto(`http://evil.test:${port}/`);

const address = `ws://127.0.0.1:${port}/channel`;
const result = {
  own: await own.evaluate(channel, [address, token]),
  wrongToken: await own.evaluate(channel, [address, "0".repeat(32)]),
  foreign: await foreign.evaluate(channel, [address, token]),
  rebound: answer.status() === 403 ? "closed" : "open",
};
await foreign.evaluate(post, [adapterPort, file]);
console.log(JSON.stringify(result));
await browser.close();
site.close();
