import { EventEmitter } from 'node:events'
import { JsonError, parseJsonText } from '../json.ts'

/** Packets of the Socket.IO protocol, revision 5, in the one form that is spoken here: text. */
export interface Packet {
  /** 0 connect, 1 disconnect, 2 event, 3 acknowledgement, 4 refused connect. */
  type: number
  nsp: string
  id?: number
  data?: unknown
}

const HEAD = /^([0-4])(?:(\/[^,]{0,64})(?:,|$))?(\d{0,15})/
const EVENT_NAME = /^\["([\w:]{1,64})"/

/** Writes packets. */
export class Encoder {
  encode({ type, nsp, id, data }: Packet): string[] {
    const namespace = nsp === '/' ? '' : `${nsp},`
    return [`${type}${namespace}${id ?? ''}${data === undefined ? '' : JSON.stringify(data)}`]
  }
}

/**
 * Reads packets as strictly as every other input is read. Where the library would end the connection for a payload that
 * is not in order, an event is handed on with the JsonError as its argument, so that it can be answered, and with what
 * was said as far as it can be read at all: to name it in the answer, and for nothing else.
 */
export class Decoder extends EventEmitter {
  /** @throws Error for what is no packet at all; the library ends the connection then. */
  add(packet: unknown): void {
    if (typeof packet !== 'string') throw new Error('A packet must be text.')
    const [head, type, nsp = '/', id] = HEAD.exec(packet) ?? []
    if (head === undefined || type === '4') throw new Error('That is no packet of a client.')
    // That something was received is all that an acknowledgement may say.
    if (type === '3') {
      if (id !== undefined && id !== '') this.emit('decoded', { type: 3, nsp, id: Number(id), data: [] })
      return
    }
    const text = packet.slice(head.length)
    const data = type === '2' ? readEvent(text) : readRest(text)
    const whole = { type: Number(type), nsp, data, ...(id === '' ? {} : { id: Number(id) }) }
    this.emit('decoded', whole)
  }

  /** Keeps nothing between packets. */
  destroy(): void {}
}

/** What comes with connecting, an object, or with leaving, nothing. */
function readRest(text: string): unknown {
  if (text === '') return undefined
  const data = parseJsonText(text)
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new Error('Not a payload.')
  return data
}

function readEvent(text: string): unknown[] {
  try {
    const data = parseJsonText(text)
    if (Array.isArray(data) && data.length > 0) return data as unknown[]
    return ['', new JsonError('an event is a list that begins with its name', 0)]
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    return [EVENT_NAME.exec(text)?.[1] ?? '', error, ...readLoosely(text)]
  }
}

/** The first argument of an event that breaks a rule of ours but is JSON all the same. */
function readLoosely(text: string): unknown[] {
  try {
    const data: unknown = JSON.parse(text)
    return Array.isArray(data) ? data.slice(1, 2) : []
  } catch {
    return []
  }
}
