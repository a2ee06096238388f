/** A line between a phone and the service that can break: plain TCP, so that every failure is a real one. */
import { createServer, connect, type Server, type Socket } from 'node:net';
import { origin } from './person';

export class WeakLine {
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #port = 0;
  #cutAfter: RegExp | null = null;
  #cutBefore: RegExp | null = null;

  static async laid(): Promise<WeakLine> {
    const line = new WeakLine();
    await line.mend();
    return line;
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Opens the line, at the same address as before. */
  async mend(): Promise<void> {
    const { hostname, port } = new URL(origin());
    this.#server = createServer((near) => this.#join(near, connect(Number(port), hostname)));
    await new Promise<void>((resolve) => this.#server!.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as { port: number }).port;
  }

  /** Nobody answers at the address any more. */
  async break(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = null;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  /** Lets the next request that matches through to the service, and breaks before the answer comes back. */
  breakAfter(request: RegExp): void {
    this.#cutAfter = request;
  }

  /** Breaks when the next request that matches comes, before the service hears of it. */
  breakBefore(request: RegExp): void {
    this.#cutBefore = request;
  }

  #join(near: Socket, far: Socket): void {
    let swallow = false;
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket)).on('error', () => socket.destroy());
    }
    near.on('data', (chunk) => {
      if (this.#cutBefore?.test(chunk.toString('latin1'))) {
        this.#cutBefore = null;
        void this.break();
        return;
      }
      if (this.#cutAfter?.test(chunk.toString('latin1'))) {
        this.#cutAfter = null;
        swallow = true;
      }
      far.write(chunk);
    });
    far.on('data', (chunk) => {
      if (swallow) void this.break();
      else near.write(chunk);
    });
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }
}
