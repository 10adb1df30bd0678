// Package seed makes a community up: people of 2007 with names, prefectures and birthdays, the diaries they write, the
// comments they leave, and pictures that pass for the photos of their camera phones.
//
// Everything is made from a seed number and is the same on every machine. What members say is data that people edit
// (data/); the pictures are drawn in plain Go by Paint.
package seed
