import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'

/** Files of the engine, as full paths. */
export interface EngineFiles {
  /** The shared libraries, in the order in which they are loaded. */
  base: string
  decoder: string
  /** Folder of the sounds of a language. */
  acoustic: string
  /** Words and how they are said, a line each. */
  dictionary: string
  /** How often words follow one another in general. */
  language_model: string
}

/** What lacks of the engine, in a sentence, and how to get it. */
export interface Missing {
  problem: string
  remedy: string
}

export type Found = { files: EngineFiles } | { missing: Missing }

/** Folders that hold shared libraries and models, most particular first. */
export interface Places {
  libraries: readonly string[]
  models: readonly string[]
}

const TRIPLES: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  ia32: 'i386-linux-gnu',
  ppc64: 'powerpc64le-linux-gnu',
  riscv64: 'riscv64-linux-gnu',
  s390x: 's390x-linux-gnu',
}

/** Where Debian and its relatives, and a build by hand, put them on a machine of this kind. */
export function standardPlaces(arch: string = process.arch): Places {
  const triple = TRIPLES[arch]
  const below = triple === undefined ? [] : [`/usr/lib/${triple}`, `/lib/${triple}`]
  return {
    libraries: [...below, '/usr/lib64', '/usr/lib', '/usr/local/lib'],
    models: ['/usr/share/pocketsphinx/model', '/usr/local/share/pocketsphinx/model'],
  }
}

/** The engine for English, or what of it lacks and the command that installs it. */
export function findEngine(places: Places = standardPlaces()): Found {
  const base = findLibrary('libsphinxbase.so', places.libraries)
  const decoder = findLibrary('libpocketsphinx.so', places.libraries)
  const model = places.models
    .map((folder) => path.join(folder, 'en-us'))
    .map((folder) => ({
      acoustic: path.join(folder, 'en-us'),
      dictionary: path.join(folder, 'cmudict-en-us.dict'),
      language_model: path.join(folder, 'en-us.lm.bin'),
    }))
    .find((files) => Object.values(files).every((file) => existsSync(file)))
  if (base !== undefined && decoder !== undefined && model !== undefined)
    return { files: { base, decoder, ...model } }
  const packages = [
    // The decoder's package brings the other library along, and a system that has one of them alone is repaired by it too.
    ...(base === undefined || decoder === undefined ? ['libpocketsphinx3'] : []),
    ...(model === undefined ? ['pocketsphinx-en-us'] : []),
  ]
  const what = [
    ...(base === undefined || decoder === undefined ? ['the speech recogniser'] : []),
    ...(model === undefined ? ['its model of English'] : []),
  ]
  const verb = packages.length > 1 ? 'are' : 'is'
  return {
    missing: {
      problem: `${capital(what.join(' and '))} ${verb} not installed (${packages.join(', ')}).`,
      remedy: `apt-get install ${packages.join(' ')}`,
    },
  }
}

/** What lacks, or `undefined` when all is there. */
export function missing(places?: Places): Missing | undefined {
  const found = findEngine(places)
  return 'missing' in found ? found.missing : undefined
}

/** The file of a library: its link of the version that is known to work, or any file of that version. */
function findLibrary(name: string, folders: readonly string[]): string | undefined {
  for (const folder of folders) {
    const link = path.join(folder, `${name}.3`)
    if (existsSync(link)) return link
    if (!existsSync(folder)) continue
    const file = readdirSync(folder).find((one) => one.startsWith(`${name}.3.`))
    if (file !== undefined) return path.join(folder, file)
  }
  return undefined
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
