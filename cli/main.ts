import { enableCompileCache } from 'node:module'
import { isAbsolute, join } from 'node:path'

const { XDG_CACHE_HOME: cache = '', HOME: home = '' } = process.env
const folder = isAbsolute(cache) ? cache : join(home, '.cache')
// Only in the user's own folder: whoever can write there can make us run anything.
if (isAbsolute(folder)) enableCompileCache(join(folder, 'paios', 'compiled'))

const { processIo } = await import('./io.ts')
const { run } = await import('./program.ts')

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads has seen enough, as in `paios agents | head -1`.
  if (error.code === 'EPIPE') process.exit()
  throw error
})
process.exitCode = await run(process.argv.slice(2), processIo())
