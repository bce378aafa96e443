interface Entry {
  integrity?: string
  resolved?: string
  dev?: boolean
  hasInstallScript?: boolean
  link?: boolean
}

/** Packages whose script would only build what comes inside them already. It is never run: nothing is installed with scripts. */
const UNUSED_SCRIPTS = new Set(['node_modules/koffi'])

/** What is wrong with the lock file: every package needs its digest, none a place to fetch it from or a script. */
export function findLockProblems(text: string): string[] {
  const { packages } = JSON.parse(text) as { packages: Record<string, Entry> }
  return Object.entries(packages).flatMap(([path, entry]) => {
    if (path === '') return []
    const problems: string[] = []
    if (entry.integrity === undefined) problems.push('has no integrity')
    if (entry.resolved !== undefined) problems.push('names where it was fetched')
    if (entry.hasInstallScript === true && entry.dev !== true && !UNUSED_SCRIPTS.has(path))
      problems.push('runs a script when it is installed')
    return problems.map((problem) => `${path} ${problem}`)
  })
}

/** Number of packages that a server needs. */
export function productionPackages(text: string): number {
  const { packages } = JSON.parse(text) as { packages: Record<string, Entry> }
  return Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true).length
}
