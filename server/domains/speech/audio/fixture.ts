import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How each form but WAV is made of a sine of 1 kHz that is 0.3 seconds long. */
const FORMS_MADE = {
  ogg_opus: ['-c:a', 'libopus', '-f', 'ogg'],
  ogg_vorbis: ['-c:a', 'libvorbis', '-f', 'ogg'],
  webm_opus: ['-c:a', 'libopus', '-f', 'webm'],
  flac: ['-c:a', 'flac', '-f', 'flac'],
  mp3: ['-c:a', 'libmp3lame', '-id3v2_version', '0', '-f', 'mp3'],
} as const

export type Form = keyof typeof FORMS_MADE
export const FORMS = Object.keys(FORMS_MADE) as Form[]

/** Why tests of these forms are left out; nothing where the program that makes them is installed. */
export const NO_FORMS: string | false =
  spawnSync('ffmpeg', ['-version']).error === undefined
    ? false
    : 'ffmpeg is not installed (apt-get install ffmpeg)'

/** Nothing where the program that makes it is not installed. */
export function tone(form: Form): Uint8Array {
  if (NO_FORMS !== false) return new Uint8Array()
  const source = ['-f', 'lavfi', '-i', 'sine=frequency=1000:sample_rate=48000:duration=0.3']
  // Into a file: FLAC goes back to its header at the end to say how long it is.
  const folder = mkdtempSync(join(tmpdir(), 'paios-tone-'))
  try {
    const file = join(folder, form)
    spawnSync('ffmpeg', ['-v', 'error', ...source, '-ac', '1', ...FORMS_MADE[form], file])
    return Uint8Array.from(readFileSync(file))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A sine as samples of 16 bit. */
export function sine(hertz: number, rate: number, seconds: number): Int16Array {
  return Int16Array.from({ length: Math.round(rate * seconds) }, (_, at) =>
    Math.round(16_000 * Math.sin((2 * Math.PI * hertz * at) / rate)),
  )
}

/** How much of the power in samples of 16 kHz lies at one frequency: 1 for a pure sine. */
export function shareOf(hertz: number, samples: Int16Array): number {
  let [power, real, imaginary] = [0, 0, 0]
  for (const [at, sample] of samples.entries()) {
    const angle = (2 * Math.PI * hertz * at) / 16_000
    power += sample ** 2
    real += sample * Math.cos(angle)
    imaginary += sample * Math.sin(angle)
  }
  return (2 * (real ** 2 + imaginary ** 2)) / samples.length / power
}

/** A WAV file of anything: what its header says of the sound, and the sound. */
export function wav(
  about: Partial<Record<'format' | 'channels' | 'rate' | 'bits' | 'block' | 'size', number>>,
  sound: Uint8Array,
): Uint8Array {
  const { format = 1, channels = 1, rate = 16_000, bits = 16 } = about
  const { block = (channels * bits) / 8, size = sound.length } = about
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(Math.min(36 + size, 0xff_ff_ff_ff), 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(format, 20)
  header.writeUInt16LE(channels, 22)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE((rate * block) >>> 0, 28)
  header.writeUInt16LE(block, 32)
  header.writeUInt16LE(bits, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(size, 40)
  return Buffer.concat([header, sound])
}
