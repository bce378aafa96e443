import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { SpeechError } from '../kinds.ts'
import type { Hints } from '../kinds.ts'
import { compileHints, readHints } from './commands/compile.ts'
import type { Lexicon, Sources } from './commands/compile.ts'
import { spellOut } from './commands/spell.ts'
import { findEngine } from './library.ts'
import type { EngineFiles } from './library.ts'
import { commonWords, openDecoder } from './pocketsphinx.ts'
import { MODEL, openRecogniser } from './recogniser.ts'
import type { Mode, Recogniser } from './recogniser.ts'

/** Another one whenever the same hints compile to something else. */
const VERSION = 1
/** Words of general English that may stand in open slots; more are slower and little better. */
const GENERAL_WORDS = 8000
/** How much commands count against general English. */
const COMMAND_WEIGHT = 0.6
/** Recognisers that stay in memory, about 30 MB each: those of three systems, which have one for each mode. */
const READY_MAX = 6
/** Files of models and dictionaries that stay on disk. */
const KEPT_MAX = 40
/** One pass over the words: a second one costs half the time and changes nothing. Bounds keep noise from taking seconds. */
const SETTINGS = { fwdflat: false, maxhmmpf: 5000, maxwpf: 10 }

const ready = new Map<string, Recogniser>()
/** Words of the engine by the folder that they are kept in. */
const sources = new Map<string, Promise<Sources>>()

/** A recogniser for what can be said to one system, from memory, from the folder, or compiled. @throws SpeechError */
export async function recogniserFor(hints: Hints, folder: string, mode: Mode): Promise<Recogniser> {
  const key = keyOf(hints.signature)
  const name = `${key} ${mode}`
  const kept = ready.get(name)
  if (kept !== undefined) {
    // The one that was used last goes last.
    ready.delete(name)
    ready.set(name, kept)
    return kept
  }
  const found = findEngine()
  if ('missing' in found) throw new SpeechError('missing', `${found.missing.problem} ${found.missing.remedy}`)
  const files = await compiledFiles(hints, key, folder, found.files)
  const decoder = await openDecoder(found.files, SETTINGS, files.dictionary)
  decoder.addModel(MODEL, [
    { name: 'commands', path: files.model, weight: COMMAND_WEIGHT },
    { name: 'general', path: found.files.language_model, weight: 1 - COMMAND_WEIGHT },
  ])
  const recogniser = openRecogniser(decoder, readHints(hints), mode)
  ready.set(name, recogniser)
  for (const [old, one] of [...ready].slice(0, Math.max(0, ready.size - READY_MAX))) {
    ready.delete(old)
    one.free()
  }
  return recogniser
}

function keyOf(signature: string): string {
  return createHash('sha256').update(`${VERSION} ${signature}`).digest('hex').slice(0, 32)
}

/** The model and the dictionary of some hints, compiled unless the folder has them. */
async function compiledFiles(
  hints: Hints,
  key: string,
  folder: string,
  engine: EngineFiles,
): Promise<{ model: string; dictionary: string }> {
  const files = { model: path.join(folder, `${key}.lm`), dictionary: path.join(folder, `${key}.dict`) }
  if ((await exists(files.model)) && (await exists(files.dictionary))) return files
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const words = sources.get(folder) ?? readSources(engine, folder)
  sources.set(folder, words)
  words.catch(() => sources.delete(folder))
  const compiled = compileHints(hints, await words)
  await save(files.model, compiled.arpa)
  await save(files.dictionary, compiled.dictionary)
  await forgetOld(folder)
  return files
}

async function readSources(engine: EngineFiles, folder: string): Promise<Sources> {
  const lexicon = readLexicon(await readFile(engine.dictionary, 'utf8'))
  const file = path.join(folder, `general-${(await stat(engine.language_model)).size}-${GENERAL_WORDS}.json`)
  let words: [string, number][]
  try {
    words = JSON.parse(await readFile(file, 'utf8')) as [string, number][]
  } catch {
    // It takes half a second to ask the engine for all of its words, so that is done once.
    const common = await commonWords(engine, GENERAL_WORDS)
    words = common.map(({ word, log10 }): [string, number] => [word, 10 ** log10])
    await save(file, JSON.stringify(words))
  }
  return { general: new Map(words.filter(([word]) => lexicon.has(word))), lexicon, pronounce: spellOut }
}

function readLexicon(text: string): Lexicon {
  const lexicon = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ')
    if (space < 1) continue
    const name = line.slice(0, space)
    const word = name.endsWith(')') ? name.slice(0, name.lastIndexOf('(')) : name
    const phones = line.slice(space + 1).trim()
    const ways = lexicon.get(word)
    if (ways === undefined) lexicon.set(word, [phones])
    else ways.push(phones)
  }
  return lexicon
}

/** Two processes may compile the same at once: each file appears whole. */
async function save(file: string, text: string): Promise<void> {
  const half = `${file}.${process.pid}.tmp`
  await writeFile(half, text, { mode: 0o600 })
  await rename(half, file)
}

async function forgetOld(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{32}\.(?:lm|dict)$/.test(name))
  if (names.length <= KEPT_MAX) return
  const aged = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(path.join(folder, name))).mtimeMs })),
  )
  for (const { name } of aged.toSorted((a, b) => a.at - b.at).slice(0, names.length - KEPT_MAX))
    await rm(path.join(folder, name), { force: true })
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file)
    return true
  } catch {
    return false
  }
}
