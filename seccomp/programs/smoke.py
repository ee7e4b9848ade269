"""What an agent in Python does: files, processes, threads, pools, HTTP, SQLite. Any refusal ends it with an error."""
import asyncio, concurrent.futures, http.server, mmap, multiprocessing, os, shutil, socket, sqlite3, ssl, subprocess, threading, urllib.request
from multiprocessing import shared_memory


def square(x):
    return x * x


os.makedirs("/tmp/p/q")
shutil.copytree("/tmp/p", "/tmp/r")
shutil.rmtree("/tmp/r")
os.mkfifo("/tmp/fifo")
assert subprocess.run(["sh", "-c", "id -u"], capture_output=True, check=True).stdout == b"65532\n"
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
assert urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/").status == 200


async def child():
    process = await asyncio.create_subprocess_exec("echo", "async", stdout=subprocess.PIPE)
    return (await process.communicate())[0]


assert asyncio.run(child()) == b"async\n"
with multiprocessing.get_context("fork").Pool(2) as pool:
    assert pool.map(square, [1, 2, 3]) == [1, 4, 9]
with concurrent.futures.ThreadPoolExecutor() as pool:
    assert list(pool.map(square, [4])) == [16]
database = sqlite3.connect("/tmp/db")
assert database.execute("pragma journal_mode=wal").fetchone() == ("wal",)
database.execute("create table t(a)")
database.commit()
mmap.mmap(-1, 4096)[0] = 1
ssl.create_default_context()
assert socket.if_nameindex()
memory = shared_memory.SharedMemory(create=True, size=10)
memory.close()
memory.unlink()
print("ok")
