import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { wordsOf } from '../ears/commands/words.ts'
import { SAMPLE_RATE } from '../kinds.ts'

/** Where Debian has prompts that a person has read, and what is said in them (asterisk-core-sounds-en, CC BY-SA). */
const SOUNDS = '/usr/share/asterisk/sounds/en_US_f_Allison'
const TEXTS = '/usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz'
/** Shorter ones are single letters and names, longer ones whole menus. */
const WORDS_MIN = 2
const WORDS_MAX = 12
const SECONDS_MAX = 6

/** Something that a person has said. */
export interface Prompt {
  /** In the words of the recogniser. */
  text: string
  samples: Int16Array
}

/** Why there is nobody to hear here; `false` where there is. */
export const nobody: string | false =
  !existsSync(SOUNDS) || !existsSync(TEXTS)
    ? 'Recordings of people are not installed (asterisk-core-sounds-en, asterisk-core-sounds-en-g722).'
    : spawnSync('ffmpeg', ['-version']).error !== undefined && 'ffmpeg is not installed.'

/** Prompts that are sentences, one for each text, in the order of their texts; of them every so manieth. */
export function prompts(each = 1): Prompt[] {
  const lines = gunzipSync(readFileSync(TEXTS)).toString('utf8').split('\n')
  const found = new Map<string, string>()
  for (const line of lines) {
    const [, name, said = ''] = /^([\w/-]+): (.+)$/u.exec(line) ?? []
    const words = wordsOf(said)
    const isSentence = words.length >= WORDS_MIN && words.length <= WORDS_MAX && !/[[\]0-9]/u.test(said)
    if (name !== undefined && isSentence && existsSync(`${SOUNDS}/${name}.g722`))
      found.getOrInsert(words.join(' '), name)
  }
  return [...found]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .filter((_, at) => at % each === 0)
    .map(([text, name]) => ({ text, samples: decoded(`${SOUNDS}/${name}.g722`) }))
    .filter(({ samples }) => samples.length > 0 && samples.length <= SECONDS_MAX * SAMPLE_RATE)
}

function decoded(path: string): Int16Array {
  const to = ['-ac', '1', '-ar', String(SAMPLE_RATE), '-f', 's16le', 'pipe:1']
  const { stdout } = spawnSync('ffmpeg', ['-v', 'error', '-f', 'g722', '-i', path, ...to])
  return new Int16Array(Uint8Array.from(stdout).buffer, 0, stdout.length >> 1)
}
