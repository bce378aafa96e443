import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import type { Io } from '../io.ts'

/** The system that this runs on, as far as packages go. */
export interface Machine {
  /** The program that installs packages, where there is one that is known here. */
  installer: string | undefined
  /** Whether this user may install. */
  isAdministrator: boolean
  /** Packages that are installed. */
  installed(): ReadonlySet<string>
  /** Runs the installer and answers how it ended; what it prints goes to standard error. */
  run(words: readonly string[]): Promise<number>
}

/** By its whole path, so that nothing else of that name is started with the rights of an administrator. */
const APT = '/usr/bin/apt-get'
const DPKG_STATUS = '/var/lib/dpkg/status'

export function thisMachine({ stderr, environment }: Pick<Io, 'stderr' | 'environment'>): Machine {
  return {
    installer: existsSync(APT) ? APT : undefined,
    isAdministrator: process.getuid?.() === 0,
    installed: () => installedIn(existsSync(DPKG_STATUS) ? readFileSync(DPKG_STATUS, 'utf8') : ''),
    run: (words) => {
      const { promise, resolve, reject } = Promise.withResolvers<number>()
      const env = { ...environment, DEBIAN_FRONTEND: 'noninteractive' }
      const child = spawn(APT, words, { env, shell: false, stdio: ['ignore', 'pipe', 'pipe'] })
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => stderr.write(chunk))
      child.on('error', reject)
      child.on('close', (code) => resolve(code ?? 1))
      return promise
    },
  }
}

/** The packages that the list of dpkg calls installed; what was removed stands in it, too. */
export function installedIn(status: string): ReadonlySet<string> {
  const entries = status.split(/\n\n+/).map((entry) => ({
    name: /^Package: (\S+)$/m.exec(entry)?.[1],
    isInstalled: /^Status: \S+ ok installed$/m.test(entry),
  }))
  return new Set(
    entries.flatMap(({ name, isInstalled }) => (name !== undefined && isInstalled ? [name] : [])),
  )
}
