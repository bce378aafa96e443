import { createReadStream, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Context } from '../context.ts'
import { EXIT, Stop } from '../exit.ts'
import type { Answer } from '../exit.ts'
import { oneLine } from '../print.ts'

/** What the server takes of a recording. */
const SOUND_BYTES_MAX = 10_485_760

/** A recording in a file, or with `-` from standard input. @throws Stop for what is none that a server would take. */
export async function readSound({ io }: Pick<Context, 'io'>, path: string): Promise<Buffer> {
  const isPiped = path === '-'
  if (isPiped && io.stdin.isTTY === true)
    throw new Stop(EXIT.usage, 'Nothing comes from standard input: give a file, or pipe a recording in.')
  const name = isPiped ? 'what came from standard input' : oneLine(path)
  const bytes = await readAll(isPiped ? io.stdin : createReadStream(path), name)
  if (bytes.length === 0) throw new Stop(EXIT.usage, `There is nothing in ${name}.`)
  return bytes
}

async function readAll(source: NodeJS.ReadableStream, name: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of source) {
      const bytes = Buffer.from(chunk)
      size += bytes.length
      if (size > SOUND_BYTES_MAX) throw new Stop(EXIT.usage, `A recording may have 10 MB; ${name} has more.`)
      chunks.push(bytes)
    }
  } catch (error) {
    if (error instanceof Stop) throw error
    const { code } = error as NodeJS.ErrnoException
    const why = REASONS[code ?? ''] ?? `${name} cannot be read.`
    throw new Stop(EXIT.usage, why.replace('%', name), { cause: error })
  }
  return Buffer.concat(chunks, size)
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no file %.',
  EISDIR: '% is a folder: give a recording.',
}

export interface OutOptions {
  out?: string
  /** Writes over a file that is there. */
  force?: boolean
}

/** Where a sound goes: into a file, to standard output, or into the JSON that is answered. */
export type Target = { to: 'file'; path: string; force: boolean } | { to: 'stdout' } | { to: 'json' }

/** Found out before anything is asked, so that nothing is done in vain. @throws Stop where it cannot go. */
export function targetOf({ io, json }: Context, { out, force = false }: OutOptions): Target {
  if (out === undefined && json) return { to: 'json' }
  if (out === '-' && json)
    throw new Stop(EXIT.usage, 'Standard output takes the sound or JSON: leave out "--out -" or --json.')
  if (out === '-') return { to: 'stdout' }
  if (out === undefined) {
    if (io.stdout.isTTY !== true) return { to: 'stdout' }
    throw new Stop(EXIT.usage, 'A sound is nothing to read: give --out FILE, or pipe it to a player.')
  }
  const path = resolve(out)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory() === true)
    throw new Stop(EXIT.usage, `${oneLine(path)} is a folder: give the name of a file.`)
  if (found !== undefined && !force)
    throw new Stop(EXIT.usage, `There is a file ${oneLine(path)} already: --force writes over it.`)
  return { to: 'file', path, force }
}

/** Brings a sound to where it goes. */
export function deliver({ io }: Context, target: Target, wav: Buffer, facts: object = {}): Answer {
  if (target.to === 'json') return { data: { ...facts, audio_data: wav.toString('base64') }, text: '' }
  if (target.to === 'stdout') {
    io.stdout.write(wav)
    return { data: undefined, text: '' }
  }
  const { path, force } = target
  try {
    // What somebody says is theirs alone to hear.
    writeFileSync(path, wav, { flag: force ? 'w' : 'wx', mode: 0o600 })
  } catch (error) {
    throw new Stop(EXIT.failed, `${oneLine(path)} cannot be written.`, { cause: error })
  }
  return { data: { ...facts, file: path, bytes: wav.length }, text: `Wrote ${oneLine(path)}.` }
}
