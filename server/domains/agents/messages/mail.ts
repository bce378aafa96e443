import type { MCPMessage } from '../../../../contract/messages.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { Line, Lines } from '../remote/lines.ts'
import { remoteStore } from '../remote/store.ts'
import type { RemoteTables } from '../remote/store.ts'

/** What may wait: for one agent, and for all those of one user together. A message may go beyond what is in bytes. */
export interface MailBounds {
  messages_max: number
  bytes_max: number
  user_bytes_max: number
}

const BOUNDS: MailBounds = { messages_max: 1_000, bytes_max: 16_777_216, user_bytes_max: 67_108_864 }
/** What nobody has fetched for so long goes. */
const KEPT_MS = 30 * 86_400_000
/** Messages that an agent gets at once. */
const BATCH = 100
/** Characters of messages that it gets at once, but for a single one: more than a client takes at once ends its socket. */
const BATCH_CHARACTERS = 1_048_576

/** Who an agent from outside is. */
export interface Addressee {
  user_id: string
  agent_id: string
}

/** Messages for agents from outside that nobody waits for: kept until they were received, at least once. */
export interface Mail {
  /** @throws Fault `SYSTEM_OVERLOADED` when too much waits already, for the agent or for all of its user. */
  post(tx: Tx, to: Addressee, message: MCPMessage): Promise<void>
  hasRoom(tx: Tx, to: Addressee): Promise<boolean>
  /** An agent is there: it gets what waits and everything that comes; the answer hangs up. */
  open(to: Addressee, deliver: (message: MCPMessage, received?: () => void) => void): () => void
  /** Whether the answer of an agent to what it was asked may come now, whatever else it sends. */
  expects(to: Addressee, id: string): boolean
  /** What waits for an agent that asks, at most 100 messages and after at most `wait_ms`. */
  fetch(to: Addressee, wait_ms: number, signal: AbortSignal): Promise<MCPMessage[]>
  /** An agent has everything up to this message. */
  received(tx: Tx, to: Addressee, id: string): Promise<void>
}

export function openMail(
  { store, log, clock }: Pick<Kernel, 'store' | 'log' | 'clock'>,
  lines: Lines,
  given: Partial<MailBounds> = {},
): Mail {
  const bounds = { ...BOUNDS, ...given }
  const waiters = new Map<string, Set<() => void>>()
  const read = async (to: Addressee, after = ''): Promise<MCPMessage[]> => {
    const db = store.reader.tables<RemoteTables>()
    const texts = await remoteStore.mail(db, to, after, { messages: BATCH, characters: BATCH_CHARACTERS })
    return texts.map((text) => JSON.parse(text) as MCPMessage)
  }
  const remove = (to: Addressee, id: string): void => {
    store
      .write((tx) => remoteStore.received(tx.tables<RemoteTables>(), to, id, '='))
      .catch((error: unknown) => log.error('a received message could not be removed', { error }))
  }
  const arrived = async (to: Addressee, message: MCPMessage): Promise<void> => {
    await store.settled()
    lines.line(to.agent_id)?.deliver(message, () => remove(to, message.id))
    for (const wake of waiters.get(to.agent_id) ?? []) wake()
  }
  return {
    hasRoom: async (tx, to) => (await whoseIsFull(tx, to, bounds)) === undefined,
    post: async (tx, to, message) => {
      const db = tx.tables<RemoteTables>()
      await remoteStore.expireMail(db, firstIdOf(clock.now() - KEPT_MS))
      const full = await whoseIsFull(tx, to, bounds)
      if (full !== undefined)
        throw new Fault('SYSTEM_OVERLOADED', `Too many messages wait for ${full} already.`)
      await remoteStore.addMail(db, { ...to, id: message.id, message: JSON.stringify(message) })
      tx.afterCommit(
        () =>
          void arrived(to, message).catch((error: unknown) =>
            log.error('a message was not handed over', { error }),
          ),
      )
    },
    open: (to, deliver) => openLine({ lines, log, read, remove }, to, deliver),
    expects: (to, id) => lines.announce(to.agent_id, id),
    received: (tx, to, id) => remoteStore.received(tx.tables<RemoteTables>(), to, id, '<='),
    fetch: async (to, wait_ms, signal) => {
      if (signal.aborted) return []
      // Requests come first: whatever is received up to the last message was seen.
      const look = async () => {
        const requests = lines.fetch(to.agent_id, BATCH)
        return [...requests, ...(await read(to)).slice(0, BATCH - requests.length)]
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      // Listening starts before looking: what comes in between is not missed.
      const own = waiters.getOrInsertComputed(to.agent_id, () => new Set())
      own.add(resolve)
      const stopWaiting = lines.onWaiting(to.agent_id, resolve)
      const cancel = clock.after(wait_ms, resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
      try {
        const found = await look()
        if (found.length > 0 || wait_ms === 0) return found
        await promise
        // Whoever went away must not take what another connection of the agent can fetch.
        return signal.aborted ? [] : await look()
      } finally {
        cancel()
        stopWaiting()
        own.delete(resolve)
        if (own.size === 0) waiters.delete(to.agent_id)
      }
    },
  }
}

/** For whom nothing more may wait, in words; nobody when there is room. */
async function whoseIsFull(
  tx: Tx,
  to: Addressee,
  { messages_max, bytes_max, user_bytes_max }: MailBounds,
): Promise<string | undefined> {
  const { messages, bytes, user_bytes } = await remoteStore.waiting(tx.tables<RemoteTables>(), to)
  if (messages >= messages_max || bytes >= bytes_max) return 'this agent'
  return user_bytes >= user_bytes_max ? 'the agents of this user' : undefined
}

/** The first id that can have been made at a time (RFC 9562, version 7). */
function firstIdOf(time: number): string {
  const digits = time.toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}`
}

interface Box {
  lines: Lines
  log: Kernel['log']
  read: (to: Addressee, after?: string) => Promise<MCPMessage[]>
  remove: (to: Addressee, id: string) => void
}

/** Hands an agent what waits, the next of it once all before was received, and what comes as it comes. */
function openLine({ lines, log, read, remove }: Box, to: Addressee, deliver: Line['deliver']): () => void {
  // What comes while earlier messages are handed over is not handed a second time.
  let handed: Set<string> | undefined = new Set()
  const hangUp = lines.attach(to.agent_id, {
    deliver: (message, received) => {
      handed?.add(message.id)
      deliver(message, received)
    },
  })
  const drain = (after?: string): void => {
    hand(after).catch((error: unknown) => log.error('waiting messages could not be read', { error }))
  }
  const hand = async (after?: string): Promise<void> => {
    const found = await read(to, after)
    const last = found.at(-1)
    const fresh = found.filter(({ id }) => handed?.has(id) === false)
    const left = new Set(fresh.map(({ id }) => id))
    if (last === undefined) handed = undefined
    else if (left.size === 0) drain(last.id)
    for (const message of fresh)
      deliver(message, () => {
        remove(to, message.id)
        if (left.delete(message.id) && left.size === 0 && handed !== undefined) drain(last?.id)
      })
  }
  drain()
  return () => {
    handed = undefined
    hangUp()
  }
}
