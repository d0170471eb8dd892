import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { z } from 'zod'
import type { Route } from '../../src/contract/route.ts'
import { type CallInput, call } from './client.ts'
import { type ApiProblem, asProblem } from './problem.ts'

interface Options {
  enabled?: boolean
  refetchInterval?: number | false
  /** Shows the former answer until the new one is there, where only the question moved. */
  keep?: boolean
}

/** What a route answers, kept fresh by the facts of its room. */
export function useRead<P extends z.ZodType, Q extends z.ZodType, A extends z.ZodType>(
  route: Route<P, Q, z.ZodUndefined, A>,
  input: Omit<CallInput<P, Q, z.ZodUndefined>, 'signal' | 'body'> = {},
  { keep = false, ...options }: Options = {},
) {
  return useQuery<z.output<A>, ApiProblem>({
    queryKey: [route.room, route.id, input.params ?? {}, input.query ?? {}],
    queryFn: ({ signal }) => call(route, { ...input, signal }),
    ...(keep ? { placeholderData: keepPreviousData } : {}),
    ...options,
  })
}

type Paged = z.ZodType<{ items: unknown[]; next: string | null }>
type ItemOf<A extends Paged> = z.output<A>['items'][number]

/** A list of which more can be fetched; with `all` it goes on by itself until it has everything. */
export function useList<P extends z.ZodType, Q extends z.ZodType, A extends Paged>(
  route: Route<P, Q, z.ZodUndefined, A>,
  input: Omit<CallInput<P, Q, z.ZodUndefined>, 'signal' | 'body'> = {},
  options: Options & { all?: boolean } = {},
) {
  const { all = false, keep = false, ...rest } = options
  const query = useInfiniteQuery<
    z.output<A>,
    ApiProblem,
    { pages: z.output<A>[] },
    unknown[],
    string | undefined
  >({
    queryKey: [route.room, route.id, input.params ?? {}, input.query ?? {}],
    queryFn: ({ signal, pageParam }) =>
      call(route, {
        ...input,
        query: { ...(input.query as object), ...(pageParam ? { cursor: pageParam } : {}) } as z.input<Q>,
        signal,
      }),
    initialPageParam: undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    ...(keep ? { placeholderData: keepPreviousData } : {}),
    ...rest,
  })
  const { hasNextPage, isFetching, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query
  const pages = query.data?.pages.length ?? 0
  // A fact that arrives meanwhile cancels the fetch of a further page: what was asked for is kept, and asked again.
  const question = JSON.stringify([input.params, input.query])
  const [wanted, setWanted] = useState({ question, pages: 1 })
  const isWanted = all || (wanted.question === question && pages < wanted.pages)
  const isDue = isWanted && hasNextPage && !isFetchNextPageError
  useEffect(() => {
    if (isDue && !isFetching) void fetchNextPage()
  }, [isDue, isFetching, fetchNextPage])
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items as ItemOf<A>[]), [query.data])
  return {
    items,
    /** The first page, with what it tells beside its items. */
    head: query.data?.pages[0],
    error: query.error,
    isPending: query.isPending,
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage || isDue,
    loadMore: () => {
      setWanted({ question, pages: pages + 1 })
      void fetchNextPage()
    },
    refetch: query.refetch,
  }
}

/** A change: on success everything of its room, and what the overview says, is fetched anew. */
export function useAct<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  route: Route<P, Q, B, A>,
  done?: (answer: z.output<A>) => void,
) {
  const client = useQueryClient()
  const under = useRef(false)
  const mutation = useMutation<z.output<A>, ApiProblem, Omit<CallInput<P, Q, B>, 'signal'>>({
    mutationFn: async (input) => {
      try {
        return await call(route, input)
      } catch (error) {
        throw asProblem(error)
      }
    },
    onSuccess: async (answer) => {
      void client.invalidateQueries({ queryKey: [route.room] })
      void client.invalidateQueries({ queryKey: ['system'] })
      done?.(answer)
    },
    // A refusal because of the present state means that this page shows an old one.
    onError: (problem) => {
      if (problem.status === 409) void client.invalidateQueries({ queryKey: [route.room] })
    },
  })
  const { mutate } = mutation
  return {
    ...mutation,
    // A second press of the button comes sooner than the page can show that the first is under way.
    mutate: (...[input, then]: Parameters<typeof mutate>) => {
      if (under.current) return
      under.current = true
      mutate(input, {
        ...then,
        onSettled: (...end) => {
          under.current = false
          then?.onSettled?.(...end)
        },
      })
    },
  }
}
