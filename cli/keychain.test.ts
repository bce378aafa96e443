import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openMachine } from '../test/journeys/process.ts'
import { EXIT } from './exit.ts'

const NEEDED = ['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon']
const missing = NEEDED.filter(
  (name) => process.platform !== 'linux' || spawnSync('which', [name]).status !== 0,
)
const options = {
  skip: missing.length > 0 && `the keychain was not tried: this machine lacks ${missing.join(', ')}`,
}
const PASSWORD = 'of the keyring'

/** A machine whose home has a desktop session with a Secret Service of its own. */
async function open(t: TestContext) {
  const machine = openMachine()
  const runtime = join(machine.home, 'run')
  mkdirSync(runtime, { mode: 0o700 })
  const session: Record<string, string> = { ...machine.environment, XDG_RUNTIME_DIR: runtime }
  const running: ChildProcess[] = []
  t.after(async () => {
    for (const child of running) child.kill()
    await machine.remove()
  })
  const start = (program: string, words: string[], piped = ''): ChildProcess => {
    // Who reads nothing may have closed what would be written to.
    const stdin = piped === '' ? 'ignore' : 'pipe'
    const child = spawn(program, words, { env: session, cwd: machine.home, stdio: [stdin, 'pipe', 'pipe'] })
    running.push(child)
    child.stdin?.end(piped)
    return child
  }
  const bus = start('dbus-daemon', ['--session', '--nofork', '--print-address=1'])
  const [address] = (await once(bus.stdout ?? bus, 'data')) as [Buffer]
  session['DBUS_SESSION_BUS_ADDRESS'] = address.toString().trim()
  const send = (...words: string[]): string =>
    execFileSync('dbus-send', ['--session', '--print-reply', ...words], {
      env: session,
      encoding: 'utf8',
      stdio: 'pipe',
    })
  /** Unlocks the keyring of the session, which is made when there is none; ends the service with what is answered. */
  const unlock = async (): Promise<() => Promise<unknown>> => {
    const daemon = start(
      'gnome-keyring-daemon',
      ['--foreground', '--replace', '--unlock', '--components=secrets'],
      PASSWORD,
    )
    await once(daemon.stdout ?? daemon, 'data')
    return () => {
      const ended = once(daemon, 'exit')
      daemon.kill()
      return ended
    }
  }
  const lock = () =>
    send(
      '--dest=org.freedesktop.secrets',
      '/org/freedesktop/secrets',
      'org.freedesktop.Secret.Service.Lock',
      'array:objpath:/org/freedesktop/secrets/collection/login',
    )
  const environment = {
    XDG_RUNTIME_DIR: runtime,
    DBUS_SESSION_BUS_ADDRESS: session['DBUS_SESSION_BUS_ADDRESS'],
  }
  const paios = (...words: string[]) => machine.paios(words, { environment })
  const serves = async (): Promise<string> => {
    try {
      const server = await machine.serve(environment)
      assert.equal(await server.stop('SIGTERM'), 0)
      return 'served'
    } catch (error) {
      return (error as Error).message.trim()
    }
  }
  const kept = () => readFileSync(join(machine.home, 'root.key'), 'utf8')
  return { machine, unlock, lock, paios, serves, kept }
}

test(
  'the root key moves into the keychain of a desktop, is rotated there, opens each start, and moves back',
  options,
  async (t) => {
    const { unlock, paios, serves, kept } = await open(t)
    const end = await unlock()
    assert.equal(await serves(), 'served')
    const plain = kept().trim()
    assert.match((await paios('key', 'keychain')).stdout, /It lies in the keychain of this system/)
    assert.match(kept(), /^\{"format":1,"kind":"keychain","account":"root-[\w-]+"\}\n$/)
    assert.match((await paios('key')).stdout, /It lies in the keychain/)
    assert.equal(await serves(), 'served')
    const before = kept()
    assert.match((await paios('key', 'rotate')).stdout, /There is another root key/)
    assert.notEqual(kept(), before)
    // The keyring is a file: another session of the same user opens it again.
    await end()
    await unlock()
    assert.equal(await serves(), 'served')
    assert.equal((await paios('key', 'file')).exit, 0)
    const { root, carried } = JSON.parse(kept()) as { root: string; carried: string }
    assert.deepEqual([carried, root === plain], [plain, false])
    assert.equal(await serves(), 'served')
  },
)

test(
  'a keychain that is locked, empty or not there is said to be, and nothing is changed',
  options,
  async (t) => {
    const { machine, unlock, lock, paios, serves, kept } = await open(t)
    const end = await unlock()
    assert.equal(await serves(), 'served')
    const plain = kept()
    const nobody = await machine.paios(['key', 'keychain'], {
      environment: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' },
    })
    assert.deepEqual([nobody.exit, kept()], [EXIT.failed, plain])
    assert.match(nobody.stderr, /^paios: There is no keychain that could be reached/)
    await paios('key', 'keychain')
    const there = kept()
    lock()
    const locked = /The keychain of this system is locked: unlock it\./
    assert.match(await serves(), locked)
    for (const words of [
      ['key', 'file'],
      ['key', 'rotate'],
      ['key', 'keychain'],
    ]) {
      const { exit, stderr } = await paios(...words)
      assert.deepEqual([exit, kept()], [EXIT.failed, there], words.join(' '))
      assert.match(stderr, locked)
    }
    await end()
    assert.match(await serves(), /unlock it\.$/)
    await unlock()
    assert.equal(await serves(), 'served')
  },
)
