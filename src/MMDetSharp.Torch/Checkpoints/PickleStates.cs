namespace MMDetSharp.Torch.Checkpoints;

/// <summary>What BUILD does: an object gets its state.</summary>
internal static class PickleStates
{
    /// <summary>Sets the state of an object.</summary>
    /// <returns>The object, or what it has become: an array becomes a tensor.</returns>
    internal static StoredValue Set(PickleSource source, StoredValue target, StoredValue state)
    {
        switch (target)
        {
            case PickleArray array:
                return array.Build(source, state);
            case PickleArrayType type:
                type.Build(state);
                return type;
            case StoredDictionary dictionary:
                dictionary.Attributes = state;
                return dictionary;
            case StoredObject unknown:
                unknown.State = state;
                return unknown;
            case StoredTensor or StoredList or StoredGlobal:
                return target; // attributes of a tensor, a list or a class: nothing here needs them
            default:
                throw source.Fail($"a state is given to {target}");
        }
    }
}
