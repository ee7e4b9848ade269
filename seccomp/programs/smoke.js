// What an agent in Node.js does: files, processes, threads, HTTP over TCP and UNIX sockets. Any refusal ends it with an error.
const fs = require("fs"), http = require("http"), os = require("os"), zlib = require("zlib");
const { execFileSync } = require("child_process"), { Worker } = require("worker_threads"), { once } = require("events");

async function main() {
  fs.mkdirSync("/tmp/a/b", { recursive: true });
  fs.writeFileSync("/tmp/a/x", "hi");
  fs.cpSync("/tmp/a", "/tmp/c", { recursive: true });
  fs.watch("/tmp/a").close();
  fs.rmSync("/tmp/c", { recursive: true });
  const file = await fs.promises.open("/tmp/y", "w");
  await file.write("z");
  await file.sync();
  await file.close();
  if (!os.networkInterfaces().lo) throw new Error("no network interfaces");
  execFileSync("/bin/sh", ["-c", "ls / | wc -l"]);
  const [answer] = await once(new Worker("require('worker_threads').parentPort.postMessage(42)", { eval: true }), "message");
  if (answer !== 42) throw new Error("no worker thread");
  for (const address of [{ port: 0, host: "127.0.0.1" }, { path: "/tmp/socket" }]) {
    const server = http.createServer((request, response) => response.end(zlib.gzipSync("ok"))).listen(address);
    await once(server, "listening");
    const target = address.path ? { socketPath: address.path } : { port: server.address().port };
    const [response] = await once(http.get({ ...target, agent: false }), "response");
    const [body] = await once(response, "data");
    if (zlib.gunzipSync(body).toString() !== "ok") throw new Error("no answer");
    server.close();
  }
}
main().then(() => console.log("ok"), error => { console.error(error); process.exit(1); });
