using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;

namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>The initial value times <see cref="Gamma"/> for each step that was passed.</summary>
internal sealed record StepSchedule : Schedule
{
    /// <summary>The places of the steps, ascending; one with <see cref="Repeats"/> set is a period.</summary>
    internal required IReadOnlyList<long> Steps { get; init; }

    /// <summary>Whether the only step comes again and again.</summary>
    internal bool Repeats { get; init; }

    /// <summary>The factor of one step.</summary>
    internal double Gamma { get; init; } = 0.1;

    /// <summary>The value never falls below this; null for no floor.</summary>
    internal double? Floor { get; init; }

    /// <summary>From a config's schedule.</summary>
    /// <param name="reader">The node <c>lr_config</c> or <c>momentum_config</c>.</param>
    /// <param name="floor">The key of the least value: min_lr or min_momentum.</param>
    internal static StepSchedule FromConfig(ConfigReader reader, string floor)
    {
        var steps = reader.IntsOrOne("step") ?? reader.Ints("step");
        if (steps.Length == 0 || steps.Any(step => step <= 0))
        {
            throw reader.Error("step", $"must hold numbers above 0, got [{string.Join(", ", steps)}]. Correct it.");
        }

        return new StepSchedule
        {
            Steps = [.. steps.Select(step => (long)step)],
            Repeats = reader.Raw("step").Kind == ConfigKind.Int,
            Gamma = reader.Float("gamma", 0.1),
            Floor = reader.FloatOrNull(floor),
        };
    }

    /// <inheritdoc/>
    internal override double At(double initial, SchedulePosition position)
    {
        var done = position.Progress(ByEpoch).Done;
        var passed = Repeats ? done / Steps[0] : Passed(done);
        var value = initial * Math.Pow(Gamma, passed);
        return Floor is { } floor ? Math.Max(value, floor) : value;
    }

    // As the reference: the first step that was not reached counts, even where later ones are smaller.
    private int Passed(long done)
    {
        for (var i = 0; i < Steps.Count; i++)
        {
            if (done < Steps[i])
            {
                return i;
            }
        }

        return Steps.Count;
    }
}
