import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Tortured } from './workflow-definition.ts'

/** What was made known outside of the server, line by line, so that it outlives the process. */
type Line =
  | { is: 'account'; user_id: string; token: string; workflows: Record<Tortured, string> }
  /** A run is about to be started, under this name. */
  | { is: 'asked'; name: string; workflow: Tortured }
  /** The server has answered that it was. */
  | { is: 'started'; name: string; execution_id: string }

export interface Book {
  account(): (Line & { is: 'account' }) | undefined
  /** Those that were asked for and not answered: they may be there or not, and may be asked for again. */
  unanswered(): (Line & { is: 'asked' })[]
  /** The acknowledged runs: name and id. */
  started(): Map<string, string>
  note(line: Line): void
}

/** The book of a folder; a line in which a process was killed was not written. */
export function openBook(root: string): Book {
  const path = join(root, 'book')
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const lines = text.split('\n').slice(0, -1)
  const known = lines.flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]))
  // What follows would otherwise become part of the line in which the process before was killed.
  if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n')
  const started = () =>
    new Map(known.flatMap((line) => (line.is === 'started' ? [[line.name, line.execution_id]] : [])))
  return {
    account: () => known.find((line) => line.is === 'account'),
    started,
    unanswered: () => {
      const answered = started()
      return known.filter((line) => line.is === 'asked').filter(({ name }) => !answered.has(name))
    },
    note: (line) => {
      known.push(line)
      appendFileSync(path, `${JSON.stringify(line)}\n`)
    },
  }
}
