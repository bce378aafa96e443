import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { openMachine } from './process.ts'

/** The password of the owner of a claimed machine. */
export const PASSWORD = 'correct horse battery staple 9'

/** A machine with a server in a process of its own, which Ann has claimed. */
export async function openClaimed(t: TestContext) {
  const machine = openMachine()
  t.after(() => machine.remove())
  const server = await machine.serve({}, /Setup code: (\S+)/)
  const environment = { PAIOS_URL: server.url, PAIOS_PORT: String(server.port) }
  const paios = (words: string[], piped = '') => machine.paios(words, { piped, environment })
  /** What a command prints that goes well. */
  const done = async (words: string[], piped = ''): Promise<string> => {
    const { exit, stdout, stderr } = await paios(words, piped)
    assert.deepEqual([exit, stderr], [0, ''], words.join(' '))
    return stdout
  }
  await done(['setup', '--email', 'ann@example.org', '--password-stdin'], PASSWORD)
  return { machine, server, environment, paios, done }
}
