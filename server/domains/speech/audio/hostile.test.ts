import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { SpeechError } from '../kinds.ts'
import { decode } from './decode.ts'
import { FORMS, tone, wav, NO_FORMS } from './fixture.ts'
import { openDecoder } from './stream.ts'

type Row = readonly [what: string, bytes: Uint8Array, says: RegExp]

const MB = 1024 * 1024

function text(latin1: string): Uint8Array {
  return Buffer.from(latin1, 'latin1')
}

/** Bytes with some of them written over. */
function patched(bytes: Uint8Array, at: number, ...by: number[]): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy.set(by, at)
  return copy
}

function indexOf(bytes: Uint8Array, latin1: string): number {
  return Buffer.from(bytes).indexOf(latin1, 0, 'latin1')
}

const NO_SOUND: readonly Row[] = [
  ['nothing', new Uint8Array(), /^The recording is empty\.$/],
  ['one byte', Uint8Array.of(0), /no sound that is known/],
  ['zeros', new Uint8Array(MB), /no sound that is known/],
  ['ones', new Uint8Array(MB).fill(255), /no sound that is known/],
  ['a ZIP archive', text(`PK\x03\x04${'x'.repeat(99)}`), /a ZIP archive/],
  ['an empty ZIP archive', text(`PK\x05\x06${'\0'.repeat(18)}`), /ZIP/],
  ['a gzip archive', text('\x1f\x8b\x08'), /gzip/],
  ['a RAR archive', text('Rar!\x1a\x07'), /RAR/],
  ['a 7-Zip archive', text('7z\xbc\xaf\x27\x1c'), /7-Zip/],
  ['a PDF', text('%PDF-1.7'), /PDF/],
  ['a PNG', text('\x89PNG\r\n\x1a\n'), /picture/],
  ['a JPEG', text('\xff\xd8\xff\xe0'), /picture/],
  ['a GIF', text('GIF89a'), /picture/],
  ['a WebP picture', text('RIFF\x10\0\0\0WEBPVP8 '), /picture/],
  ['a film', text('RIFF\x10\0\0\0AVI LIST'), /film/],
  ['a program', text('\x7fELF\x02\x01'), /program/],
  ['another program', text('MZ\x90\0'), /program/],
  ['a script', text('#!/bin/sh\nrm -rf /'), /program/],
  ['HTML', text('<!doctype html>'), /text/],
  ['JSON', text('{"audio": 1}'), /text/],
  ['AIFF', text('FORM\0\0\0\x10AIFFCOMM'), /AIFF/],
  ['AMR', text('#!AMR\n'), /AMR/],
  ['CAF', text('caff\0\x01'), /CAF/],
  ['MIDI', text('MThd\0\0\0\x06'), /MIDI/],
  ['WMA', text('0&\xb2u\x8ef\xcf\x11'), /WMA/],
  ['a name that leads out', text('../../etc/passwd'), /no sound that is known/],
]

const second = new Uint8Array(32_000)
const nan = new Uint8Array(new Float32Array(1_000).fill(NaN).buffer)
const WAVES: readonly Row[] = [
  ['only a name', text('RIFF\0\0\0\0WAVE'), /no header/],
  ['a header cut off', wav({}, second).subarray(0, 30), /no header/],
  ['no sound after the header', wav({}, new Uint8Array()), /no sound/],
  ['half a sample', wav({}, Uint8Array.of(1)), /no sound/],
  [
    '2 GB claimed',
    wav({ size: 2_000_000_000 }, second),
    /claims 2000000000 bytes of sound, and 32000 are there/,
  ],
  ['4 GB claimed and nothing there', wav({ size: 4_000_000_000 }, new Uint8Array()), /no sound/],
  ['cut off by one byte', wav({}, second).subarray(0, 32_043), /claims 32000 bytes of sound, and 31999/],
  [
    'a sound of other size than its samples',
    wav({ block: 4 }, second),
    /4 bytes a sample, and its sound has 2/,
  ],
  ['no bytes a sample', wav({ block: 0 }, second), /0 bytes a sample/],
  ['no channel', wav({ channels: 0 }, second), /0 channels; 1 to 8/],
  ['nine channels', wav({ channels: 9 }, second), /9 channels; 1 to 8/],
  ['65,535 channels', wav({ channels: 65_535, block: 2 }, second), /65535 channels/],
  ['a rate of nothing', wav({ rate: 0 }, second), /0 samples a second/],
  ['too slow', wav({ rate: 7_999 }, second), /7999 samples a second; 8000 to 192000/],
  ['too fast', wav({ rate: 192_001 }, second), /192001 samples a second/],
  ['the fastest', wav({ rate: 0xff_ff_ff_ff }, second), /4294967295 samples a second/],
  ['12 bits', wav({ bits: 12 }, second), /format 1 with 12 bits/],
  ['no bits', wav({ bits: 0, block: 2 }, second), /format 1 with 0 bits/],
  ['a coding nobody knows', wav({ format: 0x161 }, second), /format 353/],
  ['ADPCM', wav({ format: 17, bits: 4 }, second), /format 17/],
  ['all samples no numbers', wav({ format: 3, bits: 32 }, nan), /are no numbers/],
  ['an hour', wav({ bits: 8, rate: 8_000 }, new Uint8Array(8 * MB)), /longer than 30 seconds/],
  [
    'chunks without end',
    Buffer.concat([text('RIFF\0\0\0\0WAVE'), Buffer.alloc(9 * MB, 'junk\0\0\0\0')]),
    /no header/,
  ],
  ['a chunk of 4 GB first', text(`RIFF\0\0\0\0WAVEjunk\xff\xff\xff\xff${'fmt '.repeat(99)}`), /no header/],
]

const [opus, vorbis, webm, flac, mp3] = [
  tone('ogg_opus'),
  tone('ogg_vorbis'),
  tone('webm_opus'),
  tone('flac'),
  tone('mp3'),
]
const CODED: readonly Row[] = [
  ['Ogg cut off in its header', opus.subarray(0, 40), /neither Opus, Vorbis nor FLAC, or is cut off/],
  ['Ogg cut off before its sound', opus.subarray(0, 60), /no sound that can be read, or is cut off/],
  ['Ogg with a codec nobody knows', patched(opus, 28, 88), /neither/],
  ['Speex', patched(opus, 28, ...text('Speex   ')), /Speex/],
  ['Opus of no channel', patched(opus, 37, 0), /0 channels/],
  ['Opus of 255 channels', patched(opus, 37, 255), /255 channels/],
  ['Vorbis of 200 channels', patched(vorbis, 39, 200), /200 channels/],
  ['Vorbis of 4 GHz', patched(vorbis, 40, 255, 255, 255, 255), /4294967295 samples a second/],
  ['Vorbis without its code books', vorbis.subarray(0, 100), /no sound that can be read|damaged/],
  ['WebM cut off before its track', webm.subarray(0, 60), /no sound, or is cut off/],
  [
    'WebM cut off before its sound',
    webm.subarray(0, indexOf(webm, 'OpusHead') + 19),
    /no sound that can be read|damaged/,
  ],
  ['WebM with a codec nobody knows', patched(webm, indexOf(webm, 'A_OPUS'), ...text('A_AC3 ')), /AC3/],
  ['WebM of no channel', patched(webm, indexOf(webm, 'OpusHead') + 9, 0), /0 channels/],
  ['M4A', Buffer.concat([Uint8Array.of(0, 0, 0, 12), text('ftypM4A ')]), /M4A or a film/],
  ['AAC', Uint8Array.of(0xff, 0xf1, 0x50, 0x80, 0, 0, 0, 0), /AAC/],
  ['FLAC cut off', flac.subarray(0, 30), /cut off/],
  ['FLAC cut off in its sound', flac.subarray(0, -100), /no sound that can be read|claims \d+ samples/],
  [
    'FLAC of 68 billion samples',
    patched(flac, 21, (flac[21] ?? 0) | 15, 255, 255, 255, 255),
    /longer than 30/,
  ],
  ['FLAC without a rate', patched(flac, 18, 0, 0, (flac[20] ?? 0) & 15), /0 samples a second/],
  [
    'FLAC of garbage',
    Buffer.concat([flac.subarray(0, 42), Buffer.alloc(2 * MB, '\xff\xf8\xc9\x18', 'latin1')]),
    /goes on without any sound/,
  ],
  ['a title without sound', text('ID3\x04\0\0\x7f\x7f\x7f\x7f'), /a title and no sound/],
  ['a title before garbage', text(`ID3\x04\0\0\0\0\0\x01x${'garbage'.repeat(9)}`), /no sound that is known/],
  ['one frame of MP3', mp3.subarray(0, 20), /no sound that can be read/],
]

test('what is no sound is refused in a sentence that names what is wrong, at once and with little memory', async () => {
  const rows = [...NO_SOUND, ...WAVES, ...(NO_FORMS === false ? CODED : [])]
  assert.ok(rows.length > (NO_FORMS === false ? 70 : 45))
  const before = process.memoryUsage.rss()
  const problems: string[] = []
  for (const [what, bytes, says] of rows) {
    const begun = performance.now()
    const error = await decode(bytes).then(
      () => new Error('it was taken'),
      (refused: unknown) => refused,
    )
    const took_ms = performance.now() - begun
    const isClear = error instanceof SpeechError && error.reason === 'audio' && says.test(error.message)
    if (!isClear) problems.push(`${what}: ${String(error)}`)
    if (took_ms > 5_000) problems.push(`${what}: ${took_ms} ms`)
  }
  assert.deepEqual(problems, [])
  const grown_mb = (process.memoryUsage.rss() - before) / MB
  assert.ok(grown_mb < 300, `${grown_mb} MB more`)
})

/** A recording or the reason why it is none; nothing else may come of bytes. */
async function outcomeOf(bytes: Uint8Array): Promise<'sound' | 'refused'> {
  try {
    const samples = await decode(bytes)
    assert.ok(samples.length <= 30.5 * 16_000)
    return 'sound'
  } catch (error) {
    assert.ok(error instanceof SpeechError && error.reason === 'audio', String(error))
    assert.match(error.message, /^(?:The|That) .*\.$/)
    return 'refused'
  }
}

const BEGINNINGS = [
  '',
  'OggS',
  'fLaC',
  'ID3\x04\0\0\0\0\0\0',
  '\x1aE\xdf\xa3',
  'RIFF\0\0\0\0WAVEfmt ',
  '\0\0\0\x08ftyp',
  '\xff\xfb\x90\x44',
  '\xff\xf1\x50\x80',
]

test('whatever bytes come, they are sound or refused', async () => {
  const bytes = fc.tuple(fc.constantFrom(...BEGINNINGS), fc.uint8Array({ maxLength: 2_000 }))
  await fc.assert(
    fc.asyncProperty(bytes, async ([begin, rest]) => {
      await outcomeOf(Buffer.concat([text(begin), rest]))
    }),
    { numRuns: 300 },
  )
})

test(
  'a recording with bytes written over, left out or cut off is sound or refused',
  { skip: NO_FORMS },
  async () => {
    const damage = fc.record({
      form: fc.constantFrom(...FORMS),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      by: fc.uint8Array({ minLength: 1, maxLength: 8 }),
      cut: fc.double({ min: 0, max: 1, noNaN: true }),
      kept: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(damage, async ({ form, at, by, cut, kept }) => {
        const whole = tone(form)
        const place = Math.floor(at * (whole.length - by.length))
        const written = patched(whole, place, ...by)
        await outcomeOf(kept ? written : written.subarray(0, Math.ceil(cut * whole.length)))
      }),
      { numRuns: 300 },
    )
  },
)

test('a damaged stream is sound or refused, cut where it may be', { skip: NO_FORMS }, async () => {
  const damage = fc.record({
    form: fc.constantFrom('webm_opus' as const, 'ogg_opus' as const, 'ogg_vorbis' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    by: fc.integer({ min: 0, max: 255 }),
    step: fc.integer({ min: 1, max: 300 }),
  })
  await fc.assert(
    fc.asyncProperty(damage, async ({ form, at, by, step }) => {
      const whole = tone(form)
      const bytes = patched(whole, Math.floor(at * (whole.length - 1)), by)
      const stream = openDecoder()
      try {
        for (let from = 0; from < bytes.length; from += step)
          await stream.push(bytes.subarray(from, from + step))
        await stream.end()
      } catch (error) {
        assert.ok(error instanceof SpeechError && error.reason === 'audio', String(error))
      } finally {
        stream.free()
      }
    }),
    { numRuns: 150 },
  )
})
