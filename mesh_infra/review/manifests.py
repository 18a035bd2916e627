"""The manifests that a review compares, each built once and no larger than the change."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from mesh_infra.manifest.build import PLATFORM, Built, build_manifest
from mesh_infra.manifest.datasets import Columns
from mesh_infra.manifest.model import Manifest, ManifestDomain
from mesh_infra.spec.model import Contract, Domain, Mesh, Spec
from mesh_infra.spec.outline import DatasetKey

Written = tuple[str, str | int]


def written(item: Mesh | Domain | Contract) -> Written:
    """What is the same for the same file with the same text; without a text, for the same value alone."""
    return item.source.path, item.source.text or id(item)


class Manifests:
    """The manifests of both sides of a review.

    ``domains`` are those that are looked at, None for all; ``datasets`` what differs in them, None where mesh.yaml or
    the files of domains differ, which may touch everything: the platform too, which is looked at where it is named
    among the domains, or all are.
    """

    def __init__(self, domains: Collection[str] | None = None, datasets: Collection[DatasetKey] | None = None) -> None:
        self._domains = domains
        self._datasets = datasets
        self._built: dict[tuple[int, str], tuple[Spec, Manifest]] = {}
        self._columns: Columns = {}
        self._shared: dict[str, list[tuple[Spec, Built]]] = {}

    def of(self, spec: Spec, environment: str) -> Manifest:
        """The platform and the domains that are looked at; raises ``UsageError`` where there is no such environment."""
        key = (id(spec), environment)
        if key not in self._built:
            self._built[key] = (spec, self._build(spec, environment))
        return self._built[key][1]

    def _build(self, spec: Spec, environment: str) -> Manifest:
        built = self._built_among(spec, environment)
        if self._domains is None or self._datasets is None:
            parts = None if self._domains is None else {PLATFORM, *self._domains}
            return build_manifest(spec, environment, parts, built)
        # With one organisation the platform is the same on both sides.
        other = next((made for (_, where), (_, made) in self._built.items() if where == environment), None)
        if other is None:
            return build_manifest(spec, environment, {PLATFORM, *self._domains}, built)
        return replace(build_manifest(spec, environment, self._domains, built), platform=other.platform)

    def _built_among(self, spec: Spec, environment: str) -> Built:
        """What was built among the names and roles of ``spec``, those of the other side maybe."""
        known = self._shared.setdefault(environment, [])
        for other, built in known:
            if _around(other, environment) == _around(spec, environment):
                return built
        known.append((spec, Built(columns=self._columns)))
        return known[-1][1]

    def of_stack(self, spec: Spec, environment: str, scope: str | None) -> Manifest:
        """What differs of a stack, as ``build_manifest`` has it for its ``scope``, and of the datasets those alone."""
        whole = self.of(spec, environment)
        platform = whole.platform if self._shows_platform and scope in (None, PLATFORM) else None
        domains = tuple(self._narrowed(domain) for domain in whole.domains if scope in (None, domain.name))
        return replace(whole, platform=platform, domains=domains)

    @property
    def _shows_platform(self) -> bool:
        return self._datasets is None and (self._domains is None or PLATFORM in self._domains)

    def of_datasets(self, spec: Spec, environment: str) -> Manifest:
        """As ``of``, of the datasets those alone that differ."""
        whole = self.of(spec, environment)
        return replace(whole, domains=tuple(map(self._narrowed, whole.domains)))

    def _narrowed(self, domain: ManifestDomain) -> ManifestDomain:
        if self._datasets is None:
            return domain
        wanted = {f"{dataset}.v{major}" for name, dataset, major in self._datasets if name == domain.name}
        return replace(domain, datasets=tuple(dataset for dataset in domain.datasets if dataset.id in wanted))


def _around(spec: Spec, environment: str) -> tuple[object, ...]:
    """What the names and roles of an environment are made of; the lines that say so are those of domains' files."""
    return spec.mesh.environments.get(environment), spec.mesh.roles, [*map(written, spec.domains)]
