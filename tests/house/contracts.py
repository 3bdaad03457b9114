"""Two kinds of import contract that import-linter lacks; pyproject.toml uses them."""

from __future__ import annotations

import re
from graphlib import CycleError, TopologicalSorter

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Imports(Contract):
    """Modules chosen by pattern must not import what is named, present or not.

    Options
    -------
    modules
        Regular expressions; a module counts when one matches its whole name. It may match none.
    forbidden
        Names of modules or packages, ours or not; they need not exist.
    inside
        Regular expressions: of landport itself, the modules import these only (optional).
    indirect
        Follow imports by way of other modules, too (default no).
    """

    modules = fields.SetField(subfield=fields.StringField())
    forbidden = fields.SetField(subfield=fields.StringField())
    inside = fields.SetField(subfield=fields.StringField(), required=False)
    indirect = fields.BooleanField(required=False, default=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """List the shortest chain of each illegal import."""
        chains = [
            graph.find_shortest_chain(importer=module, imported=imported)
            for module in sorted(graph.modules)
            if _matches(self.modules, module)
            for imported in sorted(self._imported(graph, module))
            if self._is_illegal(imported)
        ]
        return ContractCheck(kept=not chains, metadata={"chains": chains})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each chain on one line."""
        for chain in check.metadata["chains"]:
            output.print_error(" -> ".join(chain))

    def _imported(self, graph: ImportGraph, module: str) -> set[str]:
        if self.indirect:
            return graph.find_upstream_modules(module)
        return graph.find_modules_directly_imported_by(module)

    def _is_illegal(self, imported: str) -> bool:
        if any(imported == name or imported.startswith(f"{name}.") for name in self.forbidden):
            return True
        ours = imported.partition(".")[0] == "landport"
        return ours and bool(self.inside) and not _matches(self.inside, imported)


class Acyclic(Contract):
    """No module imports itself by way of others."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find one cycle, if there is one."""
        edges = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
        try:
            TopologicalSorter(edges).prepare()
        except CycleError as error:
            return ContractCheck(kept=False, metadata={"cycle": error.args[1]})
        return ContractCheck(kept=True)

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the cycle on one line."""
        output.print_error(" <- ".join(check.metadata["cycle"]))


def _matches(patterns: set[str], name: str) -> bool:
    return any(re.fullmatch(pattern, name) for pattern in patterns)
