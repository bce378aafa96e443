import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDesk } from './fixture.ts'
import { readTextFile } from './text-file.ts'

test('a file is read as text without its mark, and one without an end, of other bytes, or that is none is refused', (t) => {
  const desk = openDesk({})
  t.after(desk.remove)
  const file = (name: string, bytes: string | Buffer): string => {
    const path = join(desk.folder, name)
    writeFileSync(path, bytes)
    return path
  }
  const long = 'ä'.repeat(200_000)
  assert.equal(readTextFile(file('long', `\uFEFF${long}`)), long)
  assert.equal(readTextFile(file('empty', '')), '')
  assert.throws(() => readTextFile(file('bytes', Buffer.from([0x61, 0xff]))), /bytes is no text in UTF-8\./)
  assert.throws(() => readTextFile('/dev/zero'), /\/dev\/zero is larger than 16 MiB\./)
  assert.throws(() => readTextFile(desk.folder), /cannot be read\./)
  assert.throws(() => readTextFile(join(desk.folder, 'none')), /none cannot be read\./)
})
