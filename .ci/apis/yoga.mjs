// GraphQL Yoga on the database of rows.py: a connection as Relay describes it.
//
//     node yoga.mjs DATABASE PORT
import { createServer } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import { createSchema, createYoga } from 'graphql-yoga'

const [path, port] = process.argv.slice(2)
const database = new DatabaseSync(path)
const rows = database.prepare('SELECT * FROM items WHERE id > ? AND modified >= ? ORDER BY id LIMIT ?', { readBigInts: true })
const cursor = (id) => Buffer.from(`item:${id}`).toString('base64')

const schema = createSchema({
  typeDefs: `
    type Item { id: Int!, name: String!, price: Float!, note: String, big: String!, created: String!, modified: String!, author: Int! }
    type PageInfo { endCursor: String, hasNextPage: Boolean! }
    type Items { nodes: [Item!]!, pageInfo: PageInfo! }
    type Query { items(first: Int = 50, after: String, modifiedSince: String = ""): Items! }`,
  resolvers: {
    Query: {
      items(_, { first, after, modifiedSince }) {
        const from = after ? Number(Buffer.from(after, 'base64').toString().slice(5)) : 0
        const found = rows.all(from, modifiedSince, first + 1)
        const nodes = found.slice(0, first).map((r) => ({ ...r, id: Number(r.id), author: Number(r.author), big: String(r.big) }))
        return { nodes, pageInfo: { endCursor: nodes.length ? cursor(nodes.at(-1).id) : null, hasNextPage: found.length > first } }
      },
    },
  },
})

createServer(createYoga({ schema, logging: false })).listen(Number(port), '127.0.0.1')
