/** What a statement of LISTEN or UNLISTEN asks for; `channel` null: all of them. */
export type ListenCommand = Readonly<{ kind: 'listen'; channel: string } | { kind: 'unlisten'; channel: string | null }>;

/** A NotificationResponse: the channel that it is of, and the whole message. */
export type Notification = Readonly<{ channel: string; bytes: Buffer }>;

/** PostgreSQL cuts longer names; two channels would become one. */
const LONGEST_NAME_BYTES = 63;
const name = '"(?:[^"]|"")+"|[\\p{L}_][\\p{L}\\p{N}_$]*';
const statement = new RegExp(`^\\s*(?<verb>listen|unlisten)\\s+(?<channel>${name}|\\*)\\s*$`, 'iu');

/** Whether SQL begins with LISTEN or UNLISTEN, well written or not. */
export function mentionsListening(sql: string): boolean {
  return /^\s*(un)?listen\b/i.test(sql);
}

/** What SQL that is one LISTEN or UNLISTEN asks for; null when it is anything else, or more than that. */
export function readListenCommand(sql: string): ListenCommand | null {
  const groups = statement.exec(sql.replace(/;\s*$/, ''))?.groups;
  if (groups?.['channel'] === undefined) return null;
  const isListen = groups['verb']?.toLowerCase() === 'listen';
  if (groups['channel'] === '*') return isListen ? null : { kind: 'unlisten', channel: null };
  const channel = readName(groups['channel']);
  if (Buffer.byteLength(channel) > LONGEST_NAME_BYTES) return null;
  return { kind: isListen ? 'listen' : 'unlisten', channel };
}

/** As PostgreSQL reads names: those that are not quoted become small, in ASCII alone. */
function readName(written: string): string {
  if (written.startsWith('"')) return written.slice(1, -1).replaceAll('""', '"');
  return written.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** A channel as it stands in SQL. */
export function quoteName(channel: string): string {
  return `"${channel.replaceAll('"', '""')}"`;
}

const notification = 'A'.charCodeAt(0);

/** Parts what PostgreSQL answered to a client from the notifications in it, which are of the session and may be anybody's. */
export function partNotifications(answer: Buffer): Readonly<{ answer: Buffer; notifications: readonly Notification[] }> {
  const notifications: Notification[] = [];
  const kept: Buffer[] = [];
  let from = 0;
  for (let at = 0; at + 5 <= answer.length; ) {
    const end = at + 1 + answer.readUInt32BE(at + 1);
    if (answer[at] === notification) {
      const bytes = answer.subarray(at, end);
      // Behind type, length and process id.
      notifications.push({ channel: bytes.toString('utf8', 9, bytes.indexOf(0, 9)), bytes });
      kept.push(answer.subarray(from, at));
      from = end;
    }
    at = end;
  }
  if (notifications.length === 0) return { answer, notifications };
  return { answer: Buffer.concat([...kept, answer.subarray(from)]), notifications };
}

/** Who listens to what. The session that all clients share listens to every channel that anyone does. */
export class ListeningClients<Client> {
  readonly #clients = new Map<string, Set<Client>>();
  readonly #mostChannels: number;

  constructor(mostChannels: number) {
    this.#mostChannels = mostChannels;
  }

  /** Whether the session listens to anything: else no answer holds a notification. */
  get isAny(): boolean {
    return this.#clients.size > 0;
  }

  /** Whether one more client may listen to a channel. */
  hasRoomFor(channel: string): boolean {
    return this.#clients.has(channel) || this.#clients.size < this.#mostChannels;
  }

  /** Takes note of what the session has done for a client; returns the channels that it must listen to again, as others still do. */
  take(client: Client, command: ListenCommand): readonly string[] {
    if (command.kind === 'listen') {
      const listening = this.#clients.get(command.channel) ?? new Set();
      this.#clients.set(command.channel, listening.add(client));
      return [];
    }
    const channels = command.channel === null ? [...this.#clients.keys()] : [command.channel];
    return channels.filter((channel) => {
      const listening = this.#clients.get(channel);
      listening?.delete(client);
      if (listening?.size === 0) this.#clients.delete(channel);
      return (listening?.size ?? 0) > 0;
    });
  }

  /** Forgets a client that left. Its channels stay until `dropUnheard`, as the session may be in somebody's transaction. */
  leave(client: Client): void {
    for (const listening of this.#clients.values()) listening.delete(client);
  }

  /** Forgets channels that nobody listens to any more, and returns them: the session is to stop listening to them. */
  dropUnheard(): readonly string[] {
    const unheard = [...this.#clients].filter(([, listening]) => listening.size === 0).map(([channel]) => channel);
    for (const channel of unheard) this.#clients.delete(channel);
    return unheard;
  }

  /** Who is told of a notification. */
  of(channel: string): Iterable<Client> {
    return this.#clients.get(channel) ?? [];
  }
}
