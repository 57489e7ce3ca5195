import type { inputs, OperationName } from './inputs.ts'
import type { ShapeName, shapes } from './shapes.ts'

/** A member's shape as the tables write it: `Name`, or `Name!` where it is required. */
export type MemberShape = ShapeName | `${ShapeName}!`
export type Members = Readonly<Record<string, MemberShape>>

/** What a shape's values are once a request has been read: blobs are bytes, times are milliseconds since 1970. */
export type ValueOf<S extends ShapeName> = (typeof shapes)[S] extends infer D
  ? D extends { type: 'enum'; values: readonly (infer V)[] }
    ? V
    : D extends { type: 'string' }
      ? string
      : D extends { type: 'integer' | 'timestamp' }
        ? number
        : D extends { type: 'boolean' }
          ? boolean
          : D extends { type: 'blob' }
            ? Uint8Array
            : D extends { type: 'list'; member: infer M extends ShapeName }
              ? readonly ValueOf<M>[]
              : D extends { type: 'map' }
                ? Readonly<Record<string, string>>
                : D extends { type: 'structure'; members: infer M extends Members }
                  ? StructureOf<M>
                  : never
  : never

type RequiredName<M extends Members> = { [K in keyof M]: M[K] extends `${string}!` ? K : never }[keyof M]
type Named<S> = S extends `${infer N extends ShapeName}!` ? N : S extends ShapeName ? S : never

export type StructureOf<M extends Members> = {
  readonly [K in RequiredName<M>]: ValueOf<Named<M[K]>>
} & {
  readonly [K in Exclude<keyof M, RequiredName<M>>]?: ValueOf<Named<M[K]>>
}

/** The validated request of an operation. */
export type InputOf<O extends OperationName> = StructureOf<(typeof inputs)[O]>
