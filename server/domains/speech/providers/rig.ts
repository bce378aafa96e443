import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import type { FakeClock } from '../../../../test/clock.ts'
import { openCanary, openTestEgress } from '../../egress/rig.ts'
import type { TestEgress } from '../../egress/rig.ts'
import { SpeechError } from '../kinds.ts'
import type { Hints, ListenOptions, SpeakOptions, SpokenChunk, SttProvider, Voice } from '../kinds.ts'
import type { Outside } from './outside.ts'

/** A secret that must not come out anywhere. */
export const SECRET = 'sk-live-Zq7vRtY2mX4pL9wK3bN6'
export const CREDENTIAL = '01890000-0000-7000-8000-000000000001'

export interface TestOutside extends Outside {
  clock: FakeClock
  rig: TestEgress
}

/** A way out that lends a secret, to places of this machine alone. */
export function openOutside(t: TestContext, places: readonly number[], bounds = {}): TestOutside {
  const rig = openTestEgress(t, { lan: places.map((port) => `127.0.0.1:${port}`), bounds })
  return {
    rig,
    clock: rig.clock,
    egress: rig.egress,
    context: (signal) => ({
      user_id: 'ann',
      signal,
      lend: async () => [{ in: 'header', name: 'authorization', text: `Bearer ${SECRET}`, secret: SECRET }],
    }),
  }
}

export interface Asked {
  path: string
  headers: IncomingMessage['headers']
  body: Buffer
}

/** An HTTP service of this machine, and what it was asked. */
export async function openService(
  t: TestContext,
  answer: (response: ServerResponse, asked: Asked) => unknown,
): Promise<{ port: number; url: string; asked: Asked[]; hits: () => number }> {
  const asked: Asked[] = []
  const { port, hits } = await openCanary(t, (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('error', () => {})
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts) }
      asked.push(one)
      answer(response, one)
    })
  })
  return { port, url: `http://127.0.0.1:${port}/v1`, asked, hits }
}

export const HINTS: Hints = {
  signature: '1',
  language: 'en',
  phrases: [],
  names: { agent: ['Concierge', 'Notes'] },
  pronunciations: {},
}

export function listenOptions(more: Partial<ListenOptions> = {}): ListenOptions {
  const signal = new AbortController().signal
  return { language: 'en-GB', hints: HINTS, noise_suppression: false, signal, ...more }
}

export const VOICE: Voice = { voice_id: 'x/alloy', language: 'en', name: 'alloy', provider: 'x' }

export function speakOptions(more: Partial<SpeakOptions> = {}): SpeakOptions {
  const signal = new AbortController().signal
  return { text: 'Hello there.', voice: VOICE, speech_rate: 1, pitch: 1, volume: 1, signal, ...more }
}

/** Says something to an engine and waits for its transcript. */
export async function hear(stt: SttProvider, samples = 1_600, more: Partial<ListenOptions> = {}) {
  const listening = await stt.open(listenOptions(more))
  await listening.write(new Int16Array(samples))
  return listening.end()
}

/** All that is spoken, in one. */
export async function spoken(chunks: AsyncIterable<SpokenChunk>): Promise<number[]> {
  return (await Array.fromAsync(chunks)).flatMap(({ samples }) => Array.from(samples))
}

/** What speech came to nothing with, as `reason: sentence`. */
export async function problem(work: Promise<unknown>): Promise<string> {
  try {
    return `answered ${JSON.stringify(await work)}`
  } catch (error) {
    return error instanceof SpeechError ? `${error.reason}: ${error.message}` : String(error)
  }
}
