"""Unit 3 by the SDKs, one proof after the other, over https. Started by run.py, inside the virtual environment."""

import asyncio

import people
import registration
import signing_in
from checking import Count, title
from mock import Mock
from world import World, trust

# Later proofs use what earlier ones made.
ORDER = [*signing_in.BEFORE, *registration.ORDER, *signing_in.AFTER, *people.ORDER]


async def prove_all(mock, count):
    world = World(mock)
    for proof in ORDER:
        try:
            await proof(world)
        except Exception:
            count.failed(title(proof))
            if proof in signing_in.BEFORE:
                return  # Nothing else can be done without the administrator.
        else:
            count.passed(title(proof))


def main():
    count = Count()
    with Mock() as mock:
        trust(mock)
        asyncio.run(prove_all(mock, count))
    count.finish()


if __name__ == "__main__":
    main()
