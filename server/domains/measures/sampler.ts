import type { Kernel } from '../../kernel/kernel.ts'
import type { Pulse } from './pulse.ts'

/** Looks at the server at intervals, as long as it runs. */
export interface Sampler {
  /** Hears of each sample. */
  onSample(listener: () => void): void
  start(): void
  stop(): void
}

const EVERY_MS = 5_000

export function openSampler(
  { clock, log }: Pick<Kernel, 'clock' | 'log'>,
  pulse: Pick<Pulse, 'sample'>,
): Sampler {
  const listeners: (() => void)[] = []
  let cancel: (() => void) | undefined
  const next = (): void => {
    const due = clock.elapsed() + EVERY_MS
    cancel = clock.after(EVERY_MS, () => {
      pulse.sample(clock.elapsed() - due)
      next()
      for (const listen of listeners) {
        try {
          listen()
        } catch (error) {
          log.error('the server could not be measured', { error })
        }
      }
    })
  }
  return {
    onSample: (listener) => listeners.push(listener),
    start: next,
    stop: () => cancel?.(),
  }
}
