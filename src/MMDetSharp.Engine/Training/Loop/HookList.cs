namespace MMDetSharp.Engine.Training.Loop;

/// <summary>The hooks of a training by priority; equals in the order in which they were added.</summary>
internal sealed class HookList
{
    private readonly List<(Hook Hook, HookPriority Priority)> _entries = [];

    /// <summary>In the order in which they are called.</summary>
    internal IReadOnlyList<Hook> Hooks => [.. _entries.Select(entry => entry.Hook)];

    /// <summary>Adds a hook behind all of its priority and of higher ones.</summary>
    /// <exception cref="TrainingException">There is no such priority.</exception>
    internal void Add(Hook hook, HookPriority priority)
    {
        ArgumentNullException.ThrowIfNull(hook);
        if (priority is < HookPriority.Highest or > HookPriority.Lowest)
        {
            throw new TrainingException($"RegisterHook: a priority must be in 0 to 100, got {(int)priority}. Choose one.");
        }

        var place = _entries.FindLastIndex(entry => entry.Priority <= priority) + 1;
        _entries.Insert(place, (hook, priority));
    }

    /// <summary>Calls all hooks at a moment.</summary>
    internal void Call(Action<Hook> moment)
    {
        foreach (var hook in Hooks)
        {
            moment(hook);
        }
    }
}
