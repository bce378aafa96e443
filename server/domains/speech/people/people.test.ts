import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { hear, hintsOf, lacking } from '../ears/rig.ts'
import { nobody, prompts } from './rig.ts'

const skip = lacking === false ? nobody : lacking
const folder = mkdtempSync(join(tmpdir(), 'paios-people-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test(
  'most sentences of a real person are heard word by word where they can be said, and few surely as others',
  { skip },
  async () => {
    const all = prompts(5)
    const hints = hintsOf(all.map(({ text }) => text))
    let [whole, otherwise] = [0, 0]
    for (const { text, samples } of all) {
      const { text: heard, confidence } = await hear(samples, hints, {
        folder,
        mode: 'batch',
        noise_suppression: true,
      })
      if (heard === text) whole += 1
      else if (confidence >= 0.8) otherwise += 1
    }
    assert.ok(all.length >= 30, `${all.length} prompts`)
    assert.ok(whole >= all.length * 0.85, `${whole} of ${all.length} whole`)
    assert.ok(otherwise <= all.length * 0.05, `${otherwise} surely heard otherwise`)
  },
)

test('a person who says what nobody can say here is not believed', { skip }, async () => {
  const hints = hintsOf([
    'what is on the {list:title} list',
    'set a timer for {d:duration}',
    'list all my agents',
  ])
  const believed: string[] = []
  for (const { text, samples } of prompts(20)) {
    const heard = await hear(samples, hints, { folder, mode: 'batch', noise_suppression: true }).catch(
      () => undefined,
    )
    if ((heard?.confidence ?? 0) >= 0.55) believed.push(`${text}: ${heard?.text}`)
  }
  assert.deepEqual(believed, [])
})
