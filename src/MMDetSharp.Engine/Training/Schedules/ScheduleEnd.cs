using MMDetSharp.Core.Registry;

namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>Where a falling schedule ends: at a value, or at a part of the initial value.</summary>
/// <param name="Value">The value or the part.</param>
/// <param name="IsRatio">Whether <paramref name="Value"/> is a part of the initial value.</param>
internal readonly record struct ScheduleEnd(double Value, bool IsRatio)
{
    /// <summary>The value in which a schedule ends that starts at <paramref name="initial"/>.</summary>
    internal double For(double initial) => IsRatio ? initial * Value : Value;

    /// <summary>From a config's key, such as <c>min_lr</c>, or its part, such as <c>min_lr_ratio</c>.</summary>
    internal static ScheduleEnd FromConfig(ConfigReader reader, string key)
    {
        var (value, ratio) = (reader.FloatOrNull(key), reader.FloatOrNull($"{key}_ratio"));
        return (value, ratio) switch
        {
            ({ } last, null) => new(last, IsRatio: false),
            (null, { } part) => new(part, IsRatio: true),
            _ => throw reader.Error(
                key, $"or {key}_ratio must be set, but not both. Set {key}=0 to end at nothing."),
        };
    }
}
