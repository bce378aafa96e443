import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { seededRandom } from '../../../test/clock.ts'
import { decrypt, encrypt } from './age.ts'
import { BackupError } from './manifest.ts'

const COST = 4
const PASSPHRASE = 'correct horse battery'

async function all(parts: AsyncIterable<Buffer>): Promise<Buffer> {
  const taken: Buffer[] = []
  for await (const part of parts) taken.push(part)
  return Buffer.concat(taken)
}

/** Bytes as they might come from a disk or a network: in parts of any size. */
async function* inParts(bytes: Buffer, size = 7_919): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const sealed = (plain: Buffer) => all(encrypt(inParts(plain), PASSPHRASE, seededRandom(1), COST))
const opened = (file: Buffer, passphrase = PASSPHRASE) => all(decrypt(inParts(file), passphrase))

/** Made by another implementation of the format (age-encryption 0.3.1) with the same passphrase. */
const FOREIGN =
  'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBnMkc1UWRadkRsbVljYUU2TjhpTDB3IDEwCjNJdmJuRlhuM0szTEhBWEE4WUJOODk3MmZ4djlsWEY0c3hwY1Y1dEdUeG8KLS0tIG9MTjQwbHZ2OWpPM2VycTUySW95dGNTcnFmdWd0VC9icHh5TDhDRmZSMjgK59ZEYKw6p31C/9r5HD7rE8oVi8YcLsr5Bo/80y+N2FzlSQ7mqawFC252Pr6pk/K5UYO4NQvugD9G+HQ='

test('a file of another program of the format is opened', async () => {
  const file = Buffer.from(FOREIGN, 'base64')
  assert.equal((await opened(file)).toString(), 'written by another program\n')
})

test('what goes in comes out, around every bound of a chunk, and only with the passphrase', async () => {
  for (const size of [0, 1, 65_535, 65_536, 65_537, 131_072, 200_001]) {
    const plain = randomBytes(size)
    const file = await sealed(plain)
    assert.ok((await opened(file)).equals(plain), `${size} bytes`)
    assert.equal(file.includes(plain.subarray(0, 32)) && size > 31, false)
  }
  const file = await sealed(Buffer.from('secret'))
  for (const wrong of ['', 'Correct horse battery', `${PASSPHRASE} `])
    await assert.rejects(opened(file, wrong), { message: 'The passphrase is wrong.' })
})

test('a file that was cut anywhere is refused before its end is believed', async () => {
  const file = await sealed(randomBytes(140_000))
  const chunks = [file.length - 1, file.length - 8_944, file.length - 8_945, file.length - 74_497]
  for (const length of [...chunks, 0, 20, 100, 160, 190, 216, 230])
    await assert.rejects(opened(file.subarray(0, length)), BackupError, `${length} bytes`)
  await assert.rejects(opened(Buffer.concat([file, Buffer.from('x')])), BackupError)
  await assert.rejects(opened(Buffer.concat([file, file])), BackupError)
})

test('a bit that was flipped anywhere is noticed', async () => {
  const file = await sealed(randomBytes(70_000))
  const places = [...Array(230).keys(), 1_000, 65_700, 65_800, file.length - 1]
  for (const at of places) {
    const flipped = Buffer.from(file)
    flipped[at] = (flipped[at] ?? 0) ^ 1
    await assert.rejects(opened(flipped), BackupError, `byte ${at}`)
  }
})

test('chunks that change places, and one that claims to be the last, are refused', async () => {
  const file = await sealed(randomBytes(65_536 * 3))
  const start = file.length - 3 * 65_552
  const chunk = (nth: number) => file.subarray(start + nth * 65_552, start + (nth + 1) * 65_552)
  const head = file.subarray(0, start)
  assert.ok(await opened(Buffer.concat([head, chunk(0), chunk(1), chunk(2)])))
  for (const order of [[1, 0, 2], [0, 2], [0, 1], [0, 1, 1, 2], [2]])
    await assert.rejects(opened(Buffer.concat([head, ...order.map(chunk)])), BackupError, order.join())
})

test('a file that asks for more memory than there may be is refused before it gets any', async () => {
  const file = Buffer.from(FOREIGN, 'base64').toString('latin1').replace(/ 10\n/, ' 40\n')
  await assert.rejects(opened(Buffer.from(file, 'latin1')), /too much memory \(2\^40\)/)
  await assert.rejects(opened(Buffer.from('age-encryption.org/v1\n-> X25519 abc\nx\n--- y\n')), /passphrase/)
  await assert.rejects(opened(Buffer.from('-----BEGIN PGP MESSAGE-----\n\n\n\n')), /not in the age format/)
})
