import type { EventData, EventName, EventPlace } from '../../contract/events.ts'
import type { Came } from './sequence.ts'

/** Any event, told apart by its name. */
export type LiveEvent = {
  [N in EventName]: { readonly name: N; readonly data: EventData<N>; readonly place: EventPlace }
}[EventName]

/** Stops the listening that it was answered for. */
export type Unlisten = () => void

type Hear = (data: unknown, place: EventPlace) => void

/** Who listens. What one throws goes elsewhere, so that it keeps no other from hearing. */
export class Listeners {
  readonly #raise: (error: unknown) => void
  readonly #named = new Map<string, Set<Hear>>()
  readonly #all = new Set<(event: LiveEvent) => void>()
  readonly #gaps = new Set<() => void>()
  readonly #states = new Set<(isOpen: boolean) => void>()

  constructor(raise: (error: unknown) => void = throwOutside) {
    this.#raise = raise
  }

  on<N extends EventName>(name: N, hear: (data: EventData<N>, place: EventPlace) => void): Unlisten {
    const hearing = this.#named.get(name) ?? new Set<Hear>()
    this.#named.set(name, hearing)
    return add(hearing, hear as Hear)
  }

  onAny(hear: (event: LiveEvent) => void): Unlisten {
    return add(this.#all, hear)
  }

  onGap(hear: () => void): Unlisten {
    return add(this.#gaps, hear)
  }

  onState(hear: (isOpen: boolean) => void): Unlisten {
    return add(this.#states, hear)
  }

  tell({ name, data, place }: Came): void {
    this.#each(this.#named.get(name) ?? [], (hear) => hear(data, place))
    this.#each(this.#all, (hear) => hear({ name, data, place } as LiveEvent))
  }

  tellGap(): void {
    this.#each(this.#gaps, (hear) => hear())
  }

  tellState(isOpen: boolean): void {
    this.#each(this.#states, (hear) => hear(isOpen))
  }

  #each<T>(hearing: Iterable<T>, tell: (hear: T) => void): void {
    for (const hear of Array.from(hearing)) {
      try {
        tell(hear)
      } catch (error) {
        this.#raise(error)
      }
    }
  }
}

function add<T>(set: Set<T>, one: T): Unlisten {
  set.add(one)
  return () => void set.delete(one)
}

/** As if nobody had called it: uncaught. */
function throwOutside(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
