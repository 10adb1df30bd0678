-- What is chosen of a list is stored as its key (core.Choices), not as a Japanese label: profiles, figures of closed months, and whom
-- announcements and campaigns are for. An occupation, until now a line of words, is of a list too; the words become a line about one's work.

-- +goose Up
INSERT INTO profile (member, field, value, visibility) SELECT member, 'work', value, visibility FROM profile
    WHERE field = 'occupation' AND value NOT IN ('', '会社員', '経営者・役員', '公務員', '教員・講師', '医療・福祉', '技術者', 'クリエイター', '営業・販売', 'サービス業', '職人・製造', '農林水産', '自営業', 'フリーランス', 'パート・アルバイト', '学生', '主婦・主夫', '求職中', '退職', 'その他');
UPDATE profile SET value = CASE value
    WHEN '会社員' THEN 'employee' WHEN '経営者・役員' THEN 'manager' WHEN '公務員' THEN 'official' WHEN '教員・講師' THEN 'teacher' WHEN '医療・福祉' THEN 'medical' WHEN '技術者' THEN 'engineer'
    WHEN 'クリエイター' THEN 'creative' WHEN '営業・販売' THEN 'sales' WHEN 'サービス業' THEN 'service' WHEN '職人・製造' THEN 'craft' WHEN '農林水産' THEN 'farming' WHEN '自営業' THEN 'selfemployed'
    WHEN 'フリーランス' THEN 'freelance' WHEN 'パート・アルバイト' THEN 'parttime' WHEN '学生' THEN 'student' WHEN '主婦・主夫' THEN 'home' WHEN '求職中' THEN 'seeking' WHEN '退職' THEN 'retired'
    WHEN 'その他' THEN 'other'
    ELSE 'other' END WHERE field = 'occupation' AND value <> '';
UPDATE profile SET value = CASE value
    WHEN '女性' THEN 'female' WHEN '男性' THEN 'male'
    ELSE value END WHERE field = 'sex';
UPDATE profile SET value = CASE value
    WHEN 'A型' THEN 'a' WHEN 'B型' THEN 'b' WHEN 'O型' THEN 'o' WHEN 'AB型' THEN 'ab'
    ELSE value END WHERE field = 'blood';
UPDATE profile SET value = CASE value
    WHEN '北海道' THEN 'hokkaido' WHEN '青森県' THEN 'aomori' WHEN '岩手県' THEN 'iwate' WHEN '宮城県' THEN 'miyagi' WHEN '秋田県' THEN 'akita' WHEN '山形県' THEN 'yamagata'
    WHEN '福島県' THEN 'fukushima' WHEN '茨城県' THEN 'ibaraki' WHEN '栃木県' THEN 'tochigi' WHEN '群馬県' THEN 'gunma' WHEN '埼玉県' THEN 'saitama' WHEN '千葉県' THEN 'chiba'
    WHEN '東京都' THEN 'tokyo' WHEN '神奈川県' THEN 'kanagawa' WHEN '新潟県' THEN 'niigata' WHEN '富山県' THEN 'toyama' WHEN '石川県' THEN 'ishikawa' WHEN '福井県' THEN 'fukui'
    WHEN '山梨県' THEN 'yamanashi' WHEN '長野県' THEN 'nagano' WHEN '岐阜県' THEN 'gifu' WHEN '静岡県' THEN 'shizuoka' WHEN '愛知県' THEN 'aichi' WHEN '三重県' THEN 'mie'
    WHEN '滋賀県' THEN 'shiga' WHEN '京都府' THEN 'kyoto' WHEN '大阪府' THEN 'osaka' WHEN '兵庫県' THEN 'hyogo' WHEN '奈良県' THEN 'nara' WHEN '和歌山県' THEN 'wakayama'
    WHEN '鳥取県' THEN 'tottori' WHEN '島根県' THEN 'shimane' WHEN '岡山県' THEN 'okayama' WHEN '広島県' THEN 'hiroshima' WHEN '山口県' THEN 'yamaguchi' WHEN '徳島県' THEN 'tokushima'
    WHEN '香川県' THEN 'kagawa' WHEN '愛媛県' THEN 'ehime' WHEN '高知県' THEN 'kochi' WHEN '福岡県' THEN 'fukuoka' WHEN '佐賀県' THEN 'saga' WHEN '長崎県' THEN 'nagasaki'
    WHEN '熊本県' THEN 'kumamoto' WHEN '大分県' THEN 'oita' WHEN '宮崎県' THEN 'miyazaki' WHEN '鹿児島県' THEN 'kagoshima' WHEN '沖縄県' THEN 'okinawa' WHEN '海外' THEN 'abroad'
    ELSE value END WHERE field = 'prefecture';
UPDATE figure SET label = CASE label
    WHEN '女性' THEN 'female' WHEN '男性' THEN 'male'
    ELSE label END WHERE name = 'sex';
UPDATE figure SET label = CASE label
    WHEN '北海道' THEN 'hokkaido' WHEN '青森県' THEN 'aomori' WHEN '岩手県' THEN 'iwate' WHEN '宮城県' THEN 'miyagi' WHEN '秋田県' THEN 'akita' WHEN '山形県' THEN 'yamagata'
    WHEN '福島県' THEN 'fukushima' WHEN '茨城県' THEN 'ibaraki' WHEN '栃木県' THEN 'tochigi' WHEN '群馬県' THEN 'gunma' WHEN '埼玉県' THEN 'saitama' WHEN '千葉県' THEN 'chiba'
    WHEN '東京都' THEN 'tokyo' WHEN '神奈川県' THEN 'kanagawa' WHEN '新潟県' THEN 'niigata' WHEN '富山県' THEN 'toyama' WHEN '石川県' THEN 'ishikawa' WHEN '福井県' THEN 'fukui'
    WHEN '山梨県' THEN 'yamanashi' WHEN '長野県' THEN 'nagano' WHEN '岐阜県' THEN 'gifu' WHEN '静岡県' THEN 'shizuoka' WHEN '愛知県' THEN 'aichi' WHEN '三重県' THEN 'mie'
    WHEN '滋賀県' THEN 'shiga' WHEN '京都府' THEN 'kyoto' WHEN '大阪府' THEN 'osaka' WHEN '兵庫県' THEN 'hyogo' WHEN '奈良県' THEN 'nara' WHEN '和歌山県' THEN 'wakayama'
    WHEN '鳥取県' THEN 'tottori' WHEN '島根県' THEN 'shimane' WHEN '岡山県' THEN 'okayama' WHEN '広島県' THEN 'hiroshima' WHEN '山口県' THEN 'yamaguchi' WHEN '徳島県' THEN 'tokushima'
    WHEN '香川県' THEN 'kagawa' WHEN '愛媛県' THEN 'ehime' WHEN '高知県' THEN 'kochi' WHEN '福岡県' THEN 'fukuoka' WHEN '佐賀県' THEN 'saga' WHEN '長崎県' THEN 'nagasaki'
    WHEN '熊本県' THEN 'kumamoto' WHEN '大分県' THEN 'oita' WHEN '宮崎県' THEN 'miyazaki' WHEN '鹿児島県' THEN 'kagoshima' WHEN '沖縄県' THEN 'okinawa' WHEN '海外' THEN 'abroad'
    ELSE label END WHERE name = 'prefecture';
UPDATE announcement SET prefecture = CASE prefecture
    WHEN '北海道' THEN 'hokkaido' WHEN '青森県' THEN 'aomori' WHEN '岩手県' THEN 'iwate' WHEN '宮城県' THEN 'miyagi' WHEN '秋田県' THEN 'akita' WHEN '山形県' THEN 'yamagata'
    WHEN '福島県' THEN 'fukushima' WHEN '茨城県' THEN 'ibaraki' WHEN '栃木県' THEN 'tochigi' WHEN '群馬県' THEN 'gunma' WHEN '埼玉県' THEN 'saitama' WHEN '千葉県' THEN 'chiba'
    WHEN '東京都' THEN 'tokyo' WHEN '神奈川県' THEN 'kanagawa' WHEN '新潟県' THEN 'niigata' WHEN '富山県' THEN 'toyama' WHEN '石川県' THEN 'ishikawa' WHEN '福井県' THEN 'fukui'
    WHEN '山梨県' THEN 'yamanashi' WHEN '長野県' THEN 'nagano' WHEN '岐阜県' THEN 'gifu' WHEN '静岡県' THEN 'shizuoka' WHEN '愛知県' THEN 'aichi' WHEN '三重県' THEN 'mie'
    WHEN '滋賀県' THEN 'shiga' WHEN '京都府' THEN 'kyoto' WHEN '大阪府' THEN 'osaka' WHEN '兵庫県' THEN 'hyogo' WHEN '奈良県' THEN 'nara' WHEN '和歌山県' THEN 'wakayama'
    WHEN '鳥取県' THEN 'tottori' WHEN '島根県' THEN 'shimane' WHEN '岡山県' THEN 'okayama' WHEN '広島県' THEN 'hiroshima' WHEN '山口県' THEN 'yamaguchi' WHEN '徳島県' THEN 'tokushima'
    WHEN '香川県' THEN 'kagawa' WHEN '愛媛県' THEN 'ehime' WHEN '高知県' THEN 'kochi' WHEN '福岡県' THEN 'fukuoka' WHEN '佐賀県' THEN 'saga' WHEN '長崎県' THEN 'nagasaki'
    WHEN '熊本県' THEN 'kumamoto' WHEN '大分県' THEN 'oita' WHEN '宮崎県' THEN 'miyazaki' WHEN '鹿児島県' THEN 'kagoshima' WHEN '沖縄県' THEN 'okinawa' WHEN '海外' THEN 'abroad'
    ELSE prefecture END;
UPDATE ad SET rules = replace(rules, '"女性"', '"female"');
UPDATE ad SET rules = replace(rules, '"男性"', '"male"');
UPDATE ad SET rules = replace(rules, '"北海道"', '"hokkaido"');
UPDATE ad SET rules = replace(rules, '"青森県"', '"aomori"');
UPDATE ad SET rules = replace(rules, '"岩手県"', '"iwate"');
UPDATE ad SET rules = replace(rules, '"宮城県"', '"miyagi"');
UPDATE ad SET rules = replace(rules, '"秋田県"', '"akita"');
UPDATE ad SET rules = replace(rules, '"山形県"', '"yamagata"');
UPDATE ad SET rules = replace(rules, '"福島県"', '"fukushima"');
UPDATE ad SET rules = replace(rules, '"茨城県"', '"ibaraki"');
UPDATE ad SET rules = replace(rules, '"栃木県"', '"tochigi"');
UPDATE ad SET rules = replace(rules, '"群馬県"', '"gunma"');
UPDATE ad SET rules = replace(rules, '"埼玉県"', '"saitama"');
UPDATE ad SET rules = replace(rules, '"千葉県"', '"chiba"');
UPDATE ad SET rules = replace(rules, '"東京都"', '"tokyo"');
UPDATE ad SET rules = replace(rules, '"神奈川県"', '"kanagawa"');
UPDATE ad SET rules = replace(rules, '"新潟県"', '"niigata"');
UPDATE ad SET rules = replace(rules, '"富山県"', '"toyama"');
UPDATE ad SET rules = replace(rules, '"石川県"', '"ishikawa"');
UPDATE ad SET rules = replace(rules, '"福井県"', '"fukui"');
UPDATE ad SET rules = replace(rules, '"山梨県"', '"yamanashi"');
UPDATE ad SET rules = replace(rules, '"長野県"', '"nagano"');
UPDATE ad SET rules = replace(rules, '"岐阜県"', '"gifu"');
UPDATE ad SET rules = replace(rules, '"静岡県"', '"shizuoka"');
UPDATE ad SET rules = replace(rules, '"愛知県"', '"aichi"');
UPDATE ad SET rules = replace(rules, '"三重県"', '"mie"');
UPDATE ad SET rules = replace(rules, '"滋賀県"', '"shiga"');
UPDATE ad SET rules = replace(rules, '"京都府"', '"kyoto"');
UPDATE ad SET rules = replace(rules, '"大阪府"', '"osaka"');
UPDATE ad SET rules = replace(rules, '"兵庫県"', '"hyogo"');
UPDATE ad SET rules = replace(rules, '"奈良県"', '"nara"');
UPDATE ad SET rules = replace(rules, '"和歌山県"', '"wakayama"');
UPDATE ad SET rules = replace(rules, '"鳥取県"', '"tottori"');
UPDATE ad SET rules = replace(rules, '"島根県"', '"shimane"');
UPDATE ad SET rules = replace(rules, '"岡山県"', '"okayama"');
UPDATE ad SET rules = replace(rules, '"広島県"', '"hiroshima"');
UPDATE ad SET rules = replace(rules, '"山口県"', '"yamaguchi"');
UPDATE ad SET rules = replace(rules, '"徳島県"', '"tokushima"');
UPDATE ad SET rules = replace(rules, '"香川県"', '"kagawa"');
UPDATE ad SET rules = replace(rules, '"愛媛県"', '"ehime"');
UPDATE ad SET rules = replace(rules, '"高知県"', '"kochi"');
UPDATE ad SET rules = replace(rules, '"福岡県"', '"fukuoka"');
UPDATE ad SET rules = replace(rules, '"佐賀県"', '"saga"');
UPDATE ad SET rules = replace(rules, '"長崎県"', '"nagasaki"');
UPDATE ad SET rules = replace(rules, '"熊本県"', '"kumamoto"');
UPDATE ad SET rules = replace(rules, '"大分県"', '"oita"');
UPDATE ad SET rules = replace(rules, '"宮崎県"', '"miyazaki"');
UPDATE ad SET rules = replace(rules, '"鹿児島県"', '"kagoshima"');
UPDATE ad SET rules = replace(rules, '"沖縄県"', '"okinawa"');
UPDATE ad SET rules = replace(rules, '"海外"', '"abroad"');

-- +goose Down
UPDATE profile SET value = coalesce((SELECT w.value FROM profile w WHERE w.member = profile.member AND w.field = 'work' AND w.value <> ''), CASE value
    WHEN 'employee' THEN '会社員' WHEN 'manager' THEN '経営者・役員' WHEN 'official' THEN '公務員' WHEN 'teacher' THEN '教員・講師' WHEN 'medical' THEN '医療・福祉' WHEN 'engineer' THEN '技術者'
    WHEN 'creative' THEN 'クリエイター' WHEN 'sales' THEN '営業・販売' WHEN 'service' THEN 'サービス業' WHEN 'craft' THEN '職人・製造' WHEN 'farming' THEN '農林水産' WHEN 'selfemployed' THEN '自営業'
    WHEN 'freelance' THEN 'フリーランス' WHEN 'parttime' THEN 'パート・アルバイト' WHEN 'student' THEN '学生' WHEN 'home' THEN '主婦・主夫' WHEN 'seeking' THEN '求職中' WHEN 'retired' THEN '退職'
    WHEN 'other' THEN 'その他'
    ELSE value END) WHERE field = 'occupation' AND value <> '';
DELETE FROM profile WHERE field = 'work';
UPDATE profile SET value = CASE value
    WHEN 'female' THEN '女性' WHEN 'male' THEN '男性'
    ELSE value END WHERE field = 'sex';
UPDATE profile SET value = CASE value
    WHEN 'a' THEN 'A型' WHEN 'b' THEN 'B型' WHEN 'o' THEN 'O型' WHEN 'ab' THEN 'AB型'
    ELSE value END WHERE field = 'blood';
UPDATE profile SET value = CASE value
    WHEN 'hokkaido' THEN '北海道' WHEN 'aomori' THEN '青森県' WHEN 'iwate' THEN '岩手県' WHEN 'miyagi' THEN '宮城県' WHEN 'akita' THEN '秋田県' WHEN 'yamagata' THEN '山形県'
    WHEN 'fukushima' THEN '福島県' WHEN 'ibaraki' THEN '茨城県' WHEN 'tochigi' THEN '栃木県' WHEN 'gunma' THEN '群馬県' WHEN 'saitama' THEN '埼玉県' WHEN 'chiba' THEN '千葉県'
    WHEN 'tokyo' THEN '東京都' WHEN 'kanagawa' THEN '神奈川県' WHEN 'niigata' THEN '新潟県' WHEN 'toyama' THEN '富山県' WHEN 'ishikawa' THEN '石川県' WHEN 'fukui' THEN '福井県'
    WHEN 'yamanashi' THEN '山梨県' WHEN 'nagano' THEN '長野県' WHEN 'gifu' THEN '岐阜県' WHEN 'shizuoka' THEN '静岡県' WHEN 'aichi' THEN '愛知県' WHEN 'mie' THEN '三重県'
    WHEN 'shiga' THEN '滋賀県' WHEN 'kyoto' THEN '京都府' WHEN 'osaka' THEN '大阪府' WHEN 'hyogo' THEN '兵庫県' WHEN 'nara' THEN '奈良県' WHEN 'wakayama' THEN '和歌山県'
    WHEN 'tottori' THEN '鳥取県' WHEN 'shimane' THEN '島根県' WHEN 'okayama' THEN '岡山県' WHEN 'hiroshima' THEN '広島県' WHEN 'yamaguchi' THEN '山口県' WHEN 'tokushima' THEN '徳島県'
    WHEN 'kagawa' THEN '香川県' WHEN 'ehime' THEN '愛媛県' WHEN 'kochi' THEN '高知県' WHEN 'fukuoka' THEN '福岡県' WHEN 'saga' THEN '佐賀県' WHEN 'nagasaki' THEN '長崎県'
    WHEN 'kumamoto' THEN '熊本県' WHEN 'oita' THEN '大分県' WHEN 'miyazaki' THEN '宮崎県' WHEN 'kagoshima' THEN '鹿児島県' WHEN 'okinawa' THEN '沖縄県' WHEN 'abroad' THEN '海外'
    ELSE value END WHERE field = 'prefecture';
UPDATE figure SET label = CASE label
    WHEN 'female' THEN '女性' WHEN 'male' THEN '男性'
    ELSE label END WHERE name = 'sex';
UPDATE figure SET label = CASE label
    WHEN 'hokkaido' THEN '北海道' WHEN 'aomori' THEN '青森県' WHEN 'iwate' THEN '岩手県' WHEN 'miyagi' THEN '宮城県' WHEN 'akita' THEN '秋田県' WHEN 'yamagata' THEN '山形県'
    WHEN 'fukushima' THEN '福島県' WHEN 'ibaraki' THEN '茨城県' WHEN 'tochigi' THEN '栃木県' WHEN 'gunma' THEN '群馬県' WHEN 'saitama' THEN '埼玉県' WHEN 'chiba' THEN '千葉県'
    WHEN 'tokyo' THEN '東京都' WHEN 'kanagawa' THEN '神奈川県' WHEN 'niigata' THEN '新潟県' WHEN 'toyama' THEN '富山県' WHEN 'ishikawa' THEN '石川県' WHEN 'fukui' THEN '福井県'
    WHEN 'yamanashi' THEN '山梨県' WHEN 'nagano' THEN '長野県' WHEN 'gifu' THEN '岐阜県' WHEN 'shizuoka' THEN '静岡県' WHEN 'aichi' THEN '愛知県' WHEN 'mie' THEN '三重県'
    WHEN 'shiga' THEN '滋賀県' WHEN 'kyoto' THEN '京都府' WHEN 'osaka' THEN '大阪府' WHEN 'hyogo' THEN '兵庫県' WHEN 'nara' THEN '奈良県' WHEN 'wakayama' THEN '和歌山県'
    WHEN 'tottori' THEN '鳥取県' WHEN 'shimane' THEN '島根県' WHEN 'okayama' THEN '岡山県' WHEN 'hiroshima' THEN '広島県' WHEN 'yamaguchi' THEN '山口県' WHEN 'tokushima' THEN '徳島県'
    WHEN 'kagawa' THEN '香川県' WHEN 'ehime' THEN '愛媛県' WHEN 'kochi' THEN '高知県' WHEN 'fukuoka' THEN '福岡県' WHEN 'saga' THEN '佐賀県' WHEN 'nagasaki' THEN '長崎県'
    WHEN 'kumamoto' THEN '熊本県' WHEN 'oita' THEN '大分県' WHEN 'miyazaki' THEN '宮崎県' WHEN 'kagoshima' THEN '鹿児島県' WHEN 'okinawa' THEN '沖縄県' WHEN 'abroad' THEN '海外'
    ELSE label END WHERE name = 'prefecture';
UPDATE announcement SET prefecture = CASE prefecture
    WHEN 'hokkaido' THEN '北海道' WHEN 'aomori' THEN '青森県' WHEN 'iwate' THEN '岩手県' WHEN 'miyagi' THEN '宮城県' WHEN 'akita' THEN '秋田県' WHEN 'yamagata' THEN '山形県'
    WHEN 'fukushima' THEN '福島県' WHEN 'ibaraki' THEN '茨城県' WHEN 'tochigi' THEN '栃木県' WHEN 'gunma' THEN '群馬県' WHEN 'saitama' THEN '埼玉県' WHEN 'chiba' THEN '千葉県'
    WHEN 'tokyo' THEN '東京都' WHEN 'kanagawa' THEN '神奈川県' WHEN 'niigata' THEN '新潟県' WHEN 'toyama' THEN '富山県' WHEN 'ishikawa' THEN '石川県' WHEN 'fukui' THEN '福井県'
    WHEN 'yamanashi' THEN '山梨県' WHEN 'nagano' THEN '長野県' WHEN 'gifu' THEN '岐阜県' WHEN 'shizuoka' THEN '静岡県' WHEN 'aichi' THEN '愛知県' WHEN 'mie' THEN '三重県'
    WHEN 'shiga' THEN '滋賀県' WHEN 'kyoto' THEN '京都府' WHEN 'osaka' THEN '大阪府' WHEN 'hyogo' THEN '兵庫県' WHEN 'nara' THEN '奈良県' WHEN 'wakayama' THEN '和歌山県'
    WHEN 'tottori' THEN '鳥取県' WHEN 'shimane' THEN '島根県' WHEN 'okayama' THEN '岡山県' WHEN 'hiroshima' THEN '広島県' WHEN 'yamaguchi' THEN '山口県' WHEN 'tokushima' THEN '徳島県'
    WHEN 'kagawa' THEN '香川県' WHEN 'ehime' THEN '愛媛県' WHEN 'kochi' THEN '高知県' WHEN 'fukuoka' THEN '福岡県' WHEN 'saga' THEN '佐賀県' WHEN 'nagasaki' THEN '長崎県'
    WHEN 'kumamoto' THEN '熊本県' WHEN 'oita' THEN '大分県' WHEN 'miyazaki' THEN '宮崎県' WHEN 'kagoshima' THEN '鹿児島県' WHEN 'okinawa' THEN '沖縄県' WHEN 'abroad' THEN '海外'
    ELSE prefecture END;
UPDATE ad SET rules = replace(rules, '"female"', '"女性"');
UPDATE ad SET rules = replace(rules, '"male"', '"男性"');
UPDATE ad SET rules = replace(rules, '"hokkaido"', '"北海道"');
UPDATE ad SET rules = replace(rules, '"aomori"', '"青森県"');
UPDATE ad SET rules = replace(rules, '"iwate"', '"岩手県"');
UPDATE ad SET rules = replace(rules, '"miyagi"', '"宮城県"');
UPDATE ad SET rules = replace(rules, '"akita"', '"秋田県"');
UPDATE ad SET rules = replace(rules, '"yamagata"', '"山形県"');
UPDATE ad SET rules = replace(rules, '"fukushima"', '"福島県"');
UPDATE ad SET rules = replace(rules, '"ibaraki"', '"茨城県"');
UPDATE ad SET rules = replace(rules, '"tochigi"', '"栃木県"');
UPDATE ad SET rules = replace(rules, '"gunma"', '"群馬県"');
UPDATE ad SET rules = replace(rules, '"saitama"', '"埼玉県"');
UPDATE ad SET rules = replace(rules, '"chiba"', '"千葉県"');
UPDATE ad SET rules = replace(rules, '"tokyo"', '"東京都"');
UPDATE ad SET rules = replace(rules, '"kanagawa"', '"神奈川県"');
UPDATE ad SET rules = replace(rules, '"niigata"', '"新潟県"');
UPDATE ad SET rules = replace(rules, '"toyama"', '"富山県"');
UPDATE ad SET rules = replace(rules, '"ishikawa"', '"石川県"');
UPDATE ad SET rules = replace(rules, '"fukui"', '"福井県"');
UPDATE ad SET rules = replace(rules, '"yamanashi"', '"山梨県"');
UPDATE ad SET rules = replace(rules, '"nagano"', '"長野県"');
UPDATE ad SET rules = replace(rules, '"gifu"', '"岐阜県"');
UPDATE ad SET rules = replace(rules, '"shizuoka"', '"静岡県"');
UPDATE ad SET rules = replace(rules, '"aichi"', '"愛知県"');
UPDATE ad SET rules = replace(rules, '"mie"', '"三重県"');
UPDATE ad SET rules = replace(rules, '"shiga"', '"滋賀県"');
UPDATE ad SET rules = replace(rules, '"kyoto"', '"京都府"');
UPDATE ad SET rules = replace(rules, '"osaka"', '"大阪府"');
UPDATE ad SET rules = replace(rules, '"hyogo"', '"兵庫県"');
UPDATE ad SET rules = replace(rules, '"nara"', '"奈良県"');
UPDATE ad SET rules = replace(rules, '"wakayama"', '"和歌山県"');
UPDATE ad SET rules = replace(rules, '"tottori"', '"鳥取県"');
UPDATE ad SET rules = replace(rules, '"shimane"', '"島根県"');
UPDATE ad SET rules = replace(rules, '"okayama"', '"岡山県"');
UPDATE ad SET rules = replace(rules, '"hiroshima"', '"広島県"');
UPDATE ad SET rules = replace(rules, '"yamaguchi"', '"山口県"');
UPDATE ad SET rules = replace(rules, '"tokushima"', '"徳島県"');
UPDATE ad SET rules = replace(rules, '"kagawa"', '"香川県"');
UPDATE ad SET rules = replace(rules, '"ehime"', '"愛媛県"');
UPDATE ad SET rules = replace(rules, '"kochi"', '"高知県"');
UPDATE ad SET rules = replace(rules, '"fukuoka"', '"福岡県"');
UPDATE ad SET rules = replace(rules, '"saga"', '"佐賀県"');
UPDATE ad SET rules = replace(rules, '"nagasaki"', '"長崎県"');
UPDATE ad SET rules = replace(rules, '"kumamoto"', '"熊本県"');
UPDATE ad SET rules = replace(rules, '"oita"', '"大分県"');
UPDATE ad SET rules = replace(rules, '"miyazaki"', '"宮崎県"');
UPDATE ad SET rules = replace(rules, '"kagoshima"', '"鹿児島県"');
UPDATE ad SET rules = replace(rules, '"okinawa"', '"沖縄県"');
UPDATE ad SET rules = replace(rules, '"abroad"', '"海外"');
