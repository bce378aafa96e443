import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { EXIT, Stop } from './exit.ts'
import type { Io } from './io.ts'

export interface Question {
  text: string
  /** What is typed is not shown. */
  hidden?: boolean
}

/** More than the longest sentence that a server takes. */
const INPUT_BYTES_MAX = 1_048_576

/**
 * Asks questions on the terminal, one after the other. Questions go to standard error, because standard output is for
 * answers.
 *
 * @returns the replies, or nothing when the input ends before the last one (Ctrl-D, Ctrl-C).
 */
export function prompt(
  { stdin, stderr }: Pick<Io, 'stdin' | 'stderr'>,
  questions: readonly Question[],
): Promise<string[] | undefined> {
  const { promise, resolve } = Promise.withResolvers<string[] | undefined>()
  const replies: string[] = []
  let hidden = false
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!hidden) stderr.write(chunk)
      done()
    },
  })
  const reader = createInterface({ input: stdin, output, terminal: true, historySize: 0 })
  // The next question is put before the next key is read: what was typed ahead for a hidden one stays hidden.
  const next = (): void => {
    const question = questions[replies.length]
    if (question === undefined) {
      reader.close()
      return
    }
    hidden = false
    reader.setPrompt(question.text)
    reader.prompt()
    hidden = question.hidden === true
  }
  reader.on('line', (line) => {
    if (hidden) stderr.write('\n')
    replies.push(line)
    next()
  })
  reader.on('SIGINT', () => reader.close())
  reader.on('close', () => {
    const isComplete = replies.length === questions.length
    if (!isComplete) stderr.write('\n')
    resolve(isComplete ? replies : undefined)
  })
  next()
  return promise
}

/** Everything on standard input, as text. */
export async function readAll({ stdin }: Pick<Io, 'stdin'>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > INPUT_BYTES_MAX) throw new Stop(EXIT.usage, 'The input is larger than 1 MiB.')
    chunks.push(bytes)
  }
  try {
    // Strict: what is no text would be kept as something else.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks))
  } catch {
    throw new Stop(EXIT.usage, 'The input is no text in UTF-8: write it in base64, for instance.')
  }
}
