// node scripts/bootstrap.mjs [--dev] SCRIPT [WORD...]
// Installs what the lock file says when it is not there yet, then runs SCRIPT under the project's own Node, so that every
// npm script works as the first command in a fresh clone. Plain JavaScript for any Node from 18 on: the pinned Node comes
// with this very install. It runs the script itself because a shell that has looked `node` up once keeps the old one.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR = 26
const LOCK_WAIT_MS = 600_000
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.paios-stamp')
const lockFolder = join(root, '.paios-install')
const dev = process.argv[2] === '--dev'
const words = process.argv.slice(dev ? 3 : 2)
const onWindows = process.platform === 'win32'
const linked = join(modules, '.bin', onWindows ? 'node.cmd' : 'node')

function stamp(mode) {
  const lock = readFileSync(join(root, 'package-lock.json'))
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch} ${mode}`
}

function isInstalled() {
  if (!existsSync(stampFile)) return false
  const found = readFileSync(stampFile, 'utf8')
  return found === stamp('dev') || (!dev && found === stamp('prod'))
}

function install() {
  // What somebody develops with is not taken away by a start.
  const whole = dev || existsSync(join(modules, 'typescript'))
  process.stderr.write('paios: installing (once)\n')
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)))
  const command = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...(whole ? [] : ['--omit=dev']),
  ]
  const npm = process.env.npm_execpath
  const options = { cwd: root, env: environment, stdio: ['ignore', 'ignore', 'inherit'] }
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...command], options)
    : spawnSync('npm', command, { ...options, shell: onWindows })
  if (result.status !== 0) fail(`npm install failed${result.error ? `: ${result.error.message}` : ''}`)
  writeFileSync(stampFile, stamp(whole ? 'dev' : 'prod'))
}

/** Two commands in a fresh clone must not install into each other. */
function locked(work) {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; ; waited += 200) {
    try {
      mkdirSync(lockFolder)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') fail(error.message)
      if (Date.now() - statSync(lockFolder, { throwIfNoEntry: false })?.mtimeMs > LOCK_WAIT_MS)
        rmSync(lockFolder, { recursive: true, force: true })
      if (waited > LOCK_WAIT_MS) fail('another installation does not end')
      Atomics.wait(pause, 0, 0, 200)
    }
  }
  try {
    if (!isInstalled()) work()
  } finally {
    rmSync(lockFolder, { recursive: true, force: true })
  }
}

/** The Node of the install, or the one that runs this where npm has none for the platform. */
function findNode() {
  if (existsSync(linked)) return linked
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR)
    fail(
      `Node ${NODE_MAJOR} is needed, and npm has none for ${process.platform}-${process.arch}: install it yourself`,
    )
  return process.execPath
}

function run(node) {
  const environment = { ...process.env, PATH: join(modules, '.bin') + delimiter + process.env.PATH }
  const child = spawn(node, words, { stdio: 'inherit', env: environment, shell: onWindows })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // npm is ended without its children: when whoever started this is gone, so is what it was to run.
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM')
  }, 1_000).unref()
  child.on('error', (error) => fail(`${node} does not start: ${error.message}`))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 128 + constants.signals[signal])
  })
}

function fail(message) {
  rmSync(lockFolder, { recursive: true, force: true })
  process.stderr.write(`paios: ${message}\n`)
  process.exit(1)
}

if (!isInstalled()) locked(install)
run(findNode())
