import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { openCanary, openTestEgress, refusal } from './rig.ts'

/** Asks a server that answers with this. */
async function answering(t: TestContext, headers: Record<string, string>, body: Uint8Array | string) {
  const canary = await openCanary(t, (_request, response) => response.writeHead(200, headers).end(body))
  const { ask } = openTestEgress(t, { lan: [`127.0.0.1:${canary.port}`] })
  const url = `http://127.0.0.1:${canary.port}/`
  return (bytes_max?: number, method: 'GET' | 'HEAD' = 'GET') =>
    ask({ url, method, ...(bytes_max === undefined ? {} : { bytes_max }) })
}

test('a body is unpacked, and what described its packed form is left out', async (t) => {
  const packed = { gzip: gzipSync, 'x-gzip': gzipSync, deflate: deflateSync, BR: brotliCompressSync }
  for (const [encoding, pack] of Object.entries(packed)) {
    const ask = await answering(t, { 'content-encoding': encoding }, pack('grüße'))
    const { headers, body } = await ask()
    assert.equal(Buffer.from(body).toString(), 'grüße', encoding)
    assert.deepEqual([headers['content-encoding'], headers['content-length']], [undefined, undefined])
  }
})

test('an answer may have exactly as many bytes as were asked for, said beforehand or not', async (t) => {
  for (const headers of [{ 'content-length': '100' }, { 'transfer-encoding': 'chunked' }]) {
    const ask = await answering(t, headers, 'x'.repeat(100))
    assert.equal((await ask(100)).body.length, 100)
    assert.match(
      await refusal(ask(99)),
      /^AGENT_EXECUTION_FAILED 502: 127\.0\.0\.1:\d+ answered with more than 99 bytes\.$/,
    )
  }
})

test('without a bound it is a mebibyte, and no bound that is asked for is above ten', async (t) => {
  const mebibyte = 1_048_576
  const ask = await answering(t, {}, Buffer.alloc(mebibyte + 1))
  assert.match(await refusal(ask()), /more than 1048576 bytes/)
  assert.equal((await ask(2 * mebibyte)).body.length, mebibyte + 1)
  const large = await answering(t, {}, Buffer.alloc(10 * mebibyte + 1))
  assert.match(await refusal(large(1e9)), /more than 10485760 bytes/)
})

test('a few bytes that unfold to gigabytes are given up where the bound is', async (t) => {
  const bomb = gzipSync(Buffer.alloc(64 * 1_048_576))
  assert.ok(bomb.length < 100_000)
  const before = process.memoryUsage().arrayBuffers
  const ask = await answering(t, { 'content-encoding': 'gzip' }, bomb)
  assert.match(await refusal(ask(1_000)), /more than 1000 bytes/)
  assert.ok(process.memoryUsage().arrayBuffers - before < 32 * 1_048_576)
  // Empty members unfold to nothing, however many there are.
  const empty = Buffer.alloc(200_000, gzipSync(''))
  const nothing = await answering(t, { 'content-encoding': 'gzip' }, empty)
  assert.match(await refusal(nothing(1_000)), /more than 1000 bytes/)
})

test('an unknown, a stacked and a damaged encoding are refused, never handed on as they are', async (t) => {
  const rows: [encoding: string, body: Uint8Array | string, sentence: RegExp][] = [
    ['zstd', 'x', /in an encoding that is not understood/],
    ['gzip, gzip', gzipSync(gzipSync('x')), /in an encoding that is not understood/],
    ['constructor', 'x', /in an encoding that is not understood/],
    ['gzip', 'this is not gzip', /a damaged body/],
    ['gzip', gzipSync('x'.repeat(500)).subarray(0, 20), /a damaged body/],
    ['br', 'this is not brotli', /a damaged body/],
  ]
  for (const [encoding, body, sentence] of rows) {
    const ask = await answering(t, { 'content-encoding': encoding }, body)
    assert.match(await refusal(ask()), sentence, encoding)
  }
  assert.equal((await (await answering(t, { 'content-encoding': 'identity' }, 'x'))()).body.length, 1)
})

test('HEAD tells the size of what it does not read, however large that is', async (t) => {
  const ask = await answering(t, { 'content-length': '99999999999', 'content-encoding': 'gzip' }, '')
  const { headers, body } = await ask(undefined, 'HEAD')
  assert.deepEqual(
    [headers['content-length'], headers['content-encoding'], body.length],
    ['99999999999', 'gzip', 0],
  )
})
