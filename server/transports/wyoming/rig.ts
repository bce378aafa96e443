import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fakeClock } from '../../../test/clock.ts'
import { encodeEvent, readEvents } from '../../kernel/wyoming.ts'
import type { WyomingEvent } from '../../kernel/wyoming.ts'
import { openWyoming } from './index.ts'
import type { WyomingOptions } from './index.ts'
import type { SpeechService } from './service.ts'

/** What was asked of the speech of the tests. */
export interface Spoken {
  opened: { language: string; rate: number; samples: number[]; signal: AbortSignal }[]
  said: { text: string; voice: string | undefined; language: string | undefined; signal: AbortSignal }[]
}

/** Speech that hears how many samples there were, and speaks a sample a letter. */
export function testSpeech(more: Partial<SpeechService> = {}): SpeechService & Spoken {
  const opened: Spoken['opened'] = []
  const said: Spoken['said'] = []
  return {
    opened,
    said,
    info: async () => ({
      languages: ['en'],
      voices: [{ voice_id: 'flite/slt', language: 'en-US', name: 'slt' }],
    }),
    open: async (options) => {
      const samples: number[] = []
      opened.push({ ...options, samples })
      return {
        write: async (part) => void samples.push(...part),
        end: async () => ({ text: `heard ${samples.length}`, language: 'en' }),
      }
    },
    async *speak(options) {
      said.push(options)
      for (const letter of options.text)
        yield { samples: Int16Array.of(letter.charCodeAt(0)), sample_rate: 16_000 }
    },
    explain: (error) => (error instanceof RangeError ? error.message : 'Speech failed.'),
    ...more,
  }
}

const NO_LOG = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

export async function openTestWyoming(t: TestContext, given: Partial<WyomingOptions> = {}) {
  const clock = fakeClock(0)
  const service = testSpeech()
  const kernel = { clock, log: NO_LOG } as unknown as WyomingOptions['kernel']
  const wyoming = await openWyoming({ service, kernel, port: 0, version: '1.2.3', ...given })
  t.after(() => wyoming.close())
  return { wyoming, clock, service, port: wyoming.port }
}

/** The other side: sends messages or bytes, and takes what comes. */
export interface Caller {
  socket: Socket
  send(...parts: (WyomingEvent | string)[]): void
  next(): Promise<WyomingEvent | 'end'>
  closed: Promise<void>
}

export function call(t: TestContext, port: number): Caller {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  t.after(() => socket.destroy())
  const events = readEvents(socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>)
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  socket.once('close', () => resolve())
  return {
    socket,
    closed,
    send: (...parts) => {
      for (const part of parts) socket.write(typeof part === 'string' ? part : encodeEvent(part))
    },
    next: async () => {
      const { done, value } = await events.next().catch(() => ({ done: true, value: undefined }) as const)
      return done === true ? 'end' : value
    },
  }
}

/** Lets the network do what it does until something holds; it fails rather than wait for ever. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 200_000; turns += 1) {
    if (holds()) return
    await nextTurn()
  }
  throw new Error(`never came to hold: ${String(holds)}`)
}
