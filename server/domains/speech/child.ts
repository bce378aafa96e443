import { serveJobs } from './host/serve.ts'

/** The entry of every child process of this domain. What it can do is loaded when it is first asked for. */
serveJobs({
  audio: async () => (await import('./audio/child.ts')).openJob,
  ears: async () => (await import('./ears/child.ts')).openJob,
  mouth: async () => (await import('./mouth/child.ts')).openJob,
  wake: async () => (await import('./wake/child.ts')).openJob,
  sherpa: async () => (await import('./providers/sherpa/child.ts')).openJob,
})
