/** The layout of directed graphs. Does not prove that a picture is beautiful: somebody has to look. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { layOut, type Edge } from "./layered-layout";
import { spreadRows } from "./row-spread";

const edge = (from: string, to: string): Edge => ({ id: `${from}>${to}`, from, to });

/** Any small graph, cycles and loose ends included. */
const graphs = fc
  .tuple(fc.integer({ min: 1, max: 14 }), fc.array(fc.tuple(fc.nat(13), fc.nat(13)), { maxLength: 30 }))
  .map(([size, pairs]) => {
    const nodes = Array.from({ length: size }, (_, index) => `n${index}`);
    const edges = new Map(
      pairs.map(([from, to]) => [`${from % size}>${to % size}`, edge(`n${from % size}`, `n${to % size}`)]),
    );
    return { nodes, edges: [...edges.values()].filter(({ from, to }) => from !== to) };
  });

describe("the layout of a directed graph", () => {
  it("puts what comes first left of what follows", () => {
    const { places } = layOut(["a", "b", "c"], [edge("a", "b"), edge("b", "c"), edge("a", "c")]);
    assert.deepEqual(
      ["a", "b", "c"].map((node) => places.get(node)?.column),
      [0, 1, 2],
    );
  });

  it("puts a source right before what it leads to", () => {
    const { places } = layOut(["a", "b", "c", "late"], [edge("a", "b"), edge("b", "c"), edge("late", "c")]);
    assert.equal(places.get("late")?.column, 1);
  });

  it("keeps nodes of a column a row apart, whatever the graph", () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const { places } = layOut(nodes, edges);
        assert.equal(places.size, nodes.length);
        const columns = Map.groupBy(places.values(), ({ column }) => column);
        for (const column of columns.values()) {
          const rows = column.map(({ row }) => row).sort((a, b) => a - b);
          rows.slice(1).forEach((row, index) => assert.ok(row - (rows[index] ?? 0) > 0.999, `${row} ${rows[index]}`));
        }
      }),
    );
  });

  it("keeps everything inside its extent", () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const { places, columns, rows } = layOut(nodes, edges);
        for (const { column, row } of places.values()) {
          assert.ok(column >= 0 && column < columns);
          // Waypoints may stand above the first node.
          assert.ok(row >= -0.001 && row <= rows + 0.001, `${row} of ${rows}`);
        }
      }),
    );
  });

  it("routes each edge from its beginning to its end, a column at a time", () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const { places, routes } = layOut(nodes, edges);
        for (const { id, from, to } of edges) {
          const route = routes.get(id) ?? [];
          assert.deepEqual(route[0], places.get(from));
          assert.deepEqual(route.at(-1), places.get(to));
          route
            .slice(1)
            .forEach(({ column }, index) => assert.equal(Math.abs(column - (route[index]?.column ?? 0)), 1));
        }
      }),
    );
  });

  it("draws the same graph the same way", () => {
    fc.assert(fc.property(graphs, ({ nodes, edges }) => assert.deepEqual(layOut(nodes, edges), layOut(nodes, edges))));
  });

  it("gives nothing for nothing", () => {
    assert.deepEqual(layOut([], []), { places: new Map(), routes: new Map(), columns: 0, rows: 0 });
  });
});

describe("rows", () => {
  it("stay where they want to be when there is room", () => {
    const standing = [0, 5, 9].map((wanted) => ({ wanted, height: 1 }));
    assert.deepEqual(spreadRows(standing), [0, 5, 9]);
  });

  it("make room evenly for those that want the same", () => {
    const standing = [4, 4, 4].map((wanted) => ({ wanted, height: 1 }));
    assert.deepEqual(spreadRows(standing), [3, 4, 5]);
  });

  it("keep their order and never overlap", () => {
    const things = fc.array(
      fc.record({ wanted: fc.double({ min: -50, max: 50, noNaN: true }), height: fc.constantFrom(0.4, 1, 2) }),
    );
    fc.assert(
      fc.property(things, (standing) => {
        const rows = spreadRows(standing);
        rows.slice(1).forEach((row, index) => {
          const apart = ((standing[index]?.height ?? 0) + (standing[index + 1]?.height ?? 0)) / 2;
          assert.ok(row - (rows[index] ?? 0) >= apart - 1e-6);
        });
      }),
    );
  });
});
