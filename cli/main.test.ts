import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { listen } from '../sdk/fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'paios-main-'))
const server = await listen({ 'system.health': () => ({ status: 'healthy' }) })
after(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

function paios(...argv: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { promise, resolve } = Promise.withResolvers<{
    code: number | null
    stdout: string
    stderr: string
  }>()
  const main = new URL('main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main, ...argv], { env: { HOME: folder }, stdio: 'pipe' })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.on('close', (code) => resolve({ code, stdout, stderr }))
  child.stdin.end()
  return promise
}

test('the program itself asks a server and ends with its exit code', async () => {
  const asked = await paios('status', '--json', '--url', server.url)
  assert.deepEqual(asked, { code: 0, stdout: '{"status":"healthy"}\n', stderr: '' })
  const refused = await paios('ask', 'x', '--url', server.url)
  assert.equal(refused.code, 4)
  assert.match(refused.stderr, /^paios: Nobody is signed in\./)
})
