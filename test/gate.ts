import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that tests can open, hold (who comes is let in and then waits) and shut. */
export type Gate = Readonly<{ port: number; open(): void; hold(): void; waiting(): number; close(): Promise<void> }>;

/** Opens a way to a server on loopback, which holds whoever comes until it is opened. */
export async function openGate(serverPort: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  const held = new Set<Socket>();
  let isOpen = false;
  const join = (outer: Socket): void => {
    const inner = connect(serverPort, '127.0.0.1');
    keep(inner);
    outer.pipe(inner).pipe(outer);
    outer.once('close', () => inner.destroy());
    inner.once('close', () => outer.destroy());
  };
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket
      .on('error', () => {})
      .on('close', () => {
        sockets.delete(socket);
        held.delete(socket);
      });
  };
  const listener = createServer((outer) => {
    keep(outer);
    if (isOpen) join(outer);
    else held.add(outer);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('The gate has no port.');
  return {
    port: address.port,
    open: () => {
      isOpen = true;
      for (const outer of held) join(outer);
      held.clear();
    },
    hold: () => {
      isOpen = false;
    },
    waiting: () => held.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
