import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import type { Operations } from '../contract/index.ts'
import type { Output } from '../contract/operation.ts'
import { SIGNED_IN, fakeServer } from '../sdk/fixture.ts'
import type { Fakes, Seen } from '../sdk/fixture.ts'
import type { Io } from './io.ts'
import { run } from './program.ts'
import { tokenFile } from './tokens.ts'

export const NOW = Date.UTC(2026, 10, 22, 10, 0, 0)
export const URL = 'http://localhost:3001'

/** Somebody at a terminal, or a script, and a server that answers. */
export interface Desk {
  folder: string
  environment: Record<string, string>
  seen: Seen[]
  /**
   * Runs a command line. `piped` makes it a script; otherwise `typed` are the replies at the terminal, in order. `hear`
   * is told what is printed, on either stream.
   */
  paios(argv: readonly string[], given?: Given): Promise<Ended>
  signIn(): Promise<void>
  remove(): void
}

interface Given {
  piped?: string
  typed?: readonly string[]
  hear?: (chunk: string) => void
}

export interface Ended {
  exit: number
  stdout: string
  /** Without what moves the cursor. */
  stderr: string
}

type Options = Partial<Pick<Io, 'fetch' | 'terminal' | 'now' | 'after' | 'onInterrupt'>>

export function openDesk(fakes: Fakes, options: Options = {}): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'paios-cli-'))
  const { fetch, seen } = fakeServer(fakes)
  const environment: Record<string, string> = { HOME: folder, PAIOS_DATA_DIR: join(folder, 'data') }
  const tokens = tokenFile(join(folder, '.config', 'paios', 'cli-tokens.json'), URL)
  const { access_token, refresh_token, user_id } = SIGNED_IN
  return {
    folder,
    environment,
    seen,
    signIn: () => tokens.save({ access_token, refresh_token, user_id, expires_at: NOW + 900_000 }),
    remove: () => rmSync(folder, { recursive: true }),
    async paios(argv, { piped, typed = [], hear = () => {} } = {}) {
      const stdin = piped === undefined ? terminal() : Object.assign(new PassThrough(), { isTTY: false })
      if (piped !== undefined) stdin.end(piped)
      const rest = [...typed]
      const stdout = collector(piped === undefined, hear)
      const stderr = collector(piped === undefined, (chunk) => {
        hear(chunk)
        if (!/[:>] $/.test(chunk)) return
        const reply = rest.shift()
        setImmediate(() => stdin.write(reply === undefined ? CTRL_D : `${reply}\r`))
      })
      const places = { stdin, stdout, stderr, environment, fetch }
      const times = { now: () => NOW, after, onInterrupt: () => () => {} }
      const io = { ...places, ...times, terminal: 'tty-1', ...options }
      const exit = await run(argv, io)
      return { exit, stdout: stdout.text(), stderr: stripVTControlCharacters(stderr.text()) }
    },
  }
}

function after(delay_ms: number, work: () => void): () => void {
  const timer = setTimeout(work, delay_ms)
  return () => clearTimeout(timer)
}

const CTRL_D = '\u0004'

function terminal(): PassThrough & { isTTY: boolean } {
  return Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} })
}

function collector(isTTY: boolean, hear: (chunk: string) => void) {
  const chunks: string[] = []
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string | Buffer, _encoding, done) => {
      chunks.push(chunk.toString())
      hear(stripVTControlCharacters(chunk.toString()))
      done()
    },
  })
  return Object.assign(stream, { isTTY, text: () => chunks.join('') })
}

export const HEALTH = {
  status: 'healthy',
  uptime: 7_300,
  version: '0.1.0',
  agents: { total: 6, active: 6, error: 0 },
  resources: { cpu_usage: 1, memory_usage: 20.5, disk_usage: 30, network_latency: 0.4 },
  external_services: [],
} as const satisfies Output<Operations['system.health']>

export const AGENT: Output<Operations['agents.get']> = {
  id: '01890000-0000-7000-8000-000000000003',
  user_id: SIGNED_IN.user_id,
  agent_number: 3,
  name: 'Reminders & Calendar',
  description: 'Tells you in time.',
  config: {
    api_keys: {},
    preferences: {},
    workflow_triggers: [],
    voice_commands: [{ phrase: 'wake me at {time}', action: 'remind' }],
    external_integrations: [],
  },
  status: {
    state: 'idle',
    last_error: null,
    health_score: 95,
    resource_usage: { cpu_usage: 0, memory_usage: 0, api_calls_per_minute: 0, network_usage: 0 },
  },
  is_active: true,
  voice_enabled: true,
  created_at: '2026-11-22T09:00:00.000Z',
  updated_at: '2026-11-22T09:00:00.000Z',
  last_execution: '2026-11-22T09:55:00.000Z',
  execution_count: 4,
  average_execution_time: 2.4,
  available_actions: ['remind', 'timer'],
}

type Said = Output<Operations['voice.process']>

/** An answer to a sentence that agent 3 understood. */
export function said(text: string, changes: Partial<Said> = {}): Said {
  return {
    transcribed_text: text,
    confidence_score: 1,
    detected_language: 'en',
    intent: { action: 'remind', entities: {}, confidence: 0.98 },
    agent_routing: {
      target_agent: 3,
      routing_confidence: 1,
      fallback_agents: [],
      global_command: false,
      reason: 'The words are a phrase of Reminders & Calendar.',
    },
    response: { text: 'I will.', requires_followup: false },
    command_understood: true,
    processing_ms: 12.345,
    ...changes,
  }
}
