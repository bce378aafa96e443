import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'

/** Longest time that a process of the benchmark gets for one answer, so that a run never hangs. */
const ANSWER_MS_MAX = 120_000
const STOP_MS_MAX = 30_000

/** What a process can be asked, by name. */
type Answers = Readonly<Record<string, (input: never) => unknown>>

interface Question {
  name: string
  input: unknown
}
interface Answer {
  value?: unknown
  error?: string
}

/** A process of its own: what it measures or serves costs nobody else CPU. Asked one thing at a time. */
export interface Child {
  ask<T>(name: string, input?: unknown): Promise<T>
  stop(): Promise<void>
}

/** @param node_args - Arguments of Node itself, such as `--cpu-prof`. */
export function startChild(file: URL, node_args: readonly string[] = []): Child {
  const child = fork(file, [], { execArgv: [...node_args], serialization: 'advanced' })
  process.once('exit', () => child.kill('SIGKILL'))
  return {
    ask: async <T>(name: string, input?: unknown) => {
      child.send({ name, input } satisfies Question)
      const { value, error } = await nextAnswer(child, `${file.pathname}: ${name}`)
      if (error !== undefined) throw new Error(error)
      return value as T
    },
    stop: async () => {
      const ended = once(child, 'exit')
      child.disconnect()
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
      await ended
      clearTimeout(kill)
    },
  }
}

async function nextAnswer(child: ChildProcess, what: string): Promise<Answer> {
  const patience = new AbortController()
  const { signal } = patience
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([answer]) => answer as Answer),
      once(child, 'exit', { signal }).then(([code]) =>
        Promise.reject(new Error(`${what}: it ended with ${code}`)),
      ),
      pause(ANSWER_MS_MAX, undefined, { signal }).then(() => Promise.reject(new Error(`${what}: no answer`))),
    ])
  } finally {
    patience.abort()
  }
}

/** Answers what the parent asks, and ends with it. `close` comes last. */
export function serveParent(answers: Answers, close: () => Promise<unknown>): void {
  process.on('message', ({ name, input }: Question) => {
    Promise.resolve(answers[name]?.(input as never)).then(
      (value) => process.send?.({ value } satisfies Answer),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
    )
  })
  process.once('disconnect', () => {
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
}
