"""ABC Insurance's policies, and who may see which.

People are recognised by tenant id and object id (`tid` and `oid`). A mail address or a user name can be renamed and
later given to somebody else, so `ownerMail` is never looked at.
"""

import json
from dataclasses import dataclass

CLIENT = "Client"
ADJUSTER = "Claims.Adjuster"
ANALYST = "Insights.Analyst"
ADMIN = "Policy.Admin"
ALL_ROLES = (CLIENT, ADJUSTER, ANALYST, ADMIN)


@dataclass(frozen=True)
class Policy:
    id: str
    region: str
    premium: float
    owner: tuple[str, str]


class PolicyBook:
    """The insurance data of the file that POLICY_DATA names."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        self._policies = {
            row["id"]: Policy(row["id"], row["region"], row["premium"], (row["tenantId"], row["ownerObjectId"]))
            for row in data["policies"]
        }
        self._regions = {(row["tenantId"], row["objectId"]): row["regions"] for row in data["adjusters"]}

    def owned_by(self, account):
        return [policy for policy in self._policies.values() if policy.owner == _person(account)]

    def visible_to(self, account, policy_id):
        """The policy, or None where it does not exist or this person may not see it. A role says what kind of policy
        somebody may see; owning it, or the region, says which one."""
        policy = self._policies.get(policy_id)
        if policy is None:
            return None
        is_own = CLIENT in account["roles"] and policy.owner == _person(account)
        is_in_region = ADJUSTER in account["roles"] and policy.region in self._regions.get(_person(account), [])
        return policy if is_own or is_in_region else None

    def insights(self):
        """Figures over all policies that name no policy and no person."""
        premiums = [policy.premium for policy in self._policies.values()]
        return {
            "policy_count": len(premiums),
            "average_premium": sum(premiums) / len(premiums) if premiums else 0,
        }


def _person(account):
    return (account["tid"], account["oid"])
