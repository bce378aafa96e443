import { confirm } from '../confirm.ts'
import type { ConfirmOptions } from '../confirm.ts'
import type { Context } from '../context.ts'
import { EXIT, Stop } from '../exit.ts'
import type { Answer } from '../exit.ts'
import { thisMachine } from './machine.ts'
import type { Machine } from './machine.ts'

/** What the recogniser consists of: the program and its model of English. */
const RECOGNISER = ['libpocketsphinx3', 'pocketsphinx-en-us']
/** Voices for languages other than English. */
const LANGUAGES = ['espeak-ng']

const UPDATE = ['update']
const OTHERWISE =
  'The recogniser is a package of Debian, Ubuntu and their relatives. Elsewhere an engine of your own hears: whisper.cpp, ' +
  'a folder of sherpa-onnx, Wyoming or whatever has the interface of OpenAI. See docs/guide/voice.md'

export interface InstallOptions extends ConfirmOptions {
  languages?: boolean
}

/** Installs on this machine what hears, and with `languages` what speaks other languages; never unasked. */
export async function installSpeech(
  context: Pick<Context, 'io' | 'interactive'>,
  { languages = false, ...options }: InstallOptions,
  machine: Machine = thisMachine(context.io),
): Promise<Answer> {
  const wanted = languages ? [...RECOGNISER, ...LANGUAGES] : RECOGNISER
  if (machine.installer === undefined) throw new Stop(EXIT.failed, `This system has no apt-get. ${OTHERWISE}`)
  const installed = machine.installed()
  const packages = wanted.filter((name) => !installed.has(name))
  if (packages.length === 0)
    return { data: { installed: [] }, text: `It is here already: ${wanted.join(', ')}.` }
  if (!machine.isAdministrator) {
    const command = `sudo apt-get install ${packages.join(' ')}`
    const text = `Only an administrator may install it. Run this yourself:\n  ${command}`
    return { data: { installed: [], missing: packages, command }, text, exit: EXIT.failed }
  }
  const install = ['install', '--yes', '--no-install-recommends', ...packages]
  await confirm(context, options, 'Install that?', [
    `apt-get ${install.join(' ')}`,
    'If that is not possible with the lists of packages that are here: apt-get update, and then the same again.',
  ])
  if ((await machine.run(install)) !== 0) {
    const isUpdated = (await machine.run(UPDATE)) === 0
    if (!isUpdated || (await machine.run(install)) !== 0)
      throw new Stop(EXIT.failed, `apt-get could not install ${packages.join(', ')}: it says above why.`)
  }
  const text = `Installed: ${packages.join(', ')}. A server that runs notices it within a minute.`
  return { data: { installed: packages }, text }
}
